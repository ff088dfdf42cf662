namespace ProbML.Fitting;

/// <summary>W λ Σ (α |βⱼ| + ½ (1 − α) βⱼ²) in the coordinates of z, for any λ.</summary>
internal sealed class PathPenalty
{
    private readonly double[] rate;                       // the penalised coefficient is rate b; 0: not penalised
    private readonly double alpha;

    public PathPenalty(GlmPathOptions options, RowTransform transform, ResponseMoments moments)
    {
        alpha = options.Alpha;
        int first = transform.Intercept ? 1 : 0;
        rate = new double[transform.Width];
        for (int j = 0; j < transform.Columns.Length; j++)
        {
            double deviation = Math.Sqrt(moments.Squares[transform.Columns[j]] / moments.SumOfWeights);
            rate[first + j] = transform.Rate(j) * (options.Standardize ? deviation : 1);
        }
    }

    /// <summary>The penalty at λ; at infinity all penalised coefficients are held at zero, whatever α.</summary>
    /// <param name="lambda">λ.</param>
    /// <param name="weights">W, of the rows fitted to.</param>
    public Penalty At(double lambda, double weights)
    {
        double[] l1 = new double[rate.Length], l2 = new double[rate.Length];
        for (int j = 0; j < rate.Length; j++)
        {
            if (rate[j] == 0)
                continue;
            l1[j] = double.IsPositiveInfinity(lambda) ? lambda : weights * lambda * alpha * rate[j];
            l2[j] = double.IsPositiveInfinity(lambda) ? 0 : weights * lambda * (1 - alpha) * rate[j] * rate[j];
        }
        return new Penalty(l1, l2);
    }

    /// <summary>The smallest λ at which the null model is the answer; for α near 0, where there is none, that of α = 0.001.</summary>
    /// <param name="gradient">∂l/∂b at the null model, [q].</param>
    /// <param name="weights">W, of the rows fitted to.</param>
    public double Largest(ReadOnlySpan<double> gradient, double weights)
    {
        double largest = 0;
        for (int j = 0; j < rate.Length; j++)
        {
            if (rate[j] > 0)
                largest = Math.Max(largest, Math.Abs(gradient[j]) / rate[j]);
        }
        return largest / (weights * Math.Max(alpha, 1e-3)) * (1 + 1e-9);         // so that rounding lets none in
    }
}
