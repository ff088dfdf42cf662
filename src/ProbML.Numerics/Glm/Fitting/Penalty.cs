namespace ProbML.Fitting;

/// <summary>½ Σ λ₂ⱼ bⱼ² + Σ λ₁ⱼ |bⱼ| in the coordinates of z, the same as the options' penalty on the coefficients of x.</summary>
internal sealed class Penalty
{
    public Penalty(GlmOptions options, RowTransform transform)
    {
        L1 = new double[transform.Width];
        L2 = new double[transform.Width];
        int first = transform.Intercept ? 1 : 0;
        if (transform.Intercept && options.PenaliseIntercept)
            (L1[0], L2[0]) = (options.L1, options.L2);
        for (int j = 0; j < transform.Columns.Length; j++)
        {
            double rate = transform.Rate(j);              // β = rate b
            (L1[first + j], L2[first + j]) = (options.L1 * rate, options.L2 * rate * rate);
        }
    }

    public Penalty(double[] l1, double[] l2) => (L1, L2) = (l1, l2);

    /// <summary>λ₁, [q]; infinity holds a coefficient at zero.</summary>
    public double[] L1 { get; }

    /// <summary>λ₂, [q].</summary>
    public double[] L2 { get; }

    /// <summary>The penalty at b.</summary>
    public double Value(ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < b.Length; j++)
        {
            if (b[j] != 0)
                sum += 0.5 * L2[j] * b[j] * b[j] + L1[j] * Math.Abs(b[j]);
        }
        return sum;
    }
}
