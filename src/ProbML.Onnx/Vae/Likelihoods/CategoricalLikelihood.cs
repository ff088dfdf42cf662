namespace ProbML.Vae;

/// <summary>P(x = eₖ) ∝ e^aₖ: a group of columns of which one is 1 and the others 0; the parameters are the logits aₖ.</summary>
/// <remarks>
/// One-hot columns, as OneHotEncoding makes them. A group without a 1, which is how OneHotEncoding writes a value that it
/// has not seen, and a group with NaN, are unobserved.
/// </remarks>
public sealed record CategoricalLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override int ParametersPerColumn => 1;

    /// <inheritdoc/>
    public override string Support => "0 or 1, with at most one 1 in the group";

    /// <inheritdoc/>
    public override bool Supports(double value) => value is 0 or 1;

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters)
    {
        double highest = double.NegativeInfinity, chosen = 0, total = 0;
        foreach (float logit in parameters)
            highest = Math.Max(highest, logit);
        bool observed = false;
        for (int k = 0; k < x.Length; k++)
        {
            if (double.IsNaN(x[k]))
                return 0;
            if (x[k] == 1)
                (chosen, observed) = (parameters[k], true);
            total += Math.Exp(parameters[k] - highest);
        }
        return observed ? chosen - highest - Math.Log(total) : 0;
    }

    /// <inheritdoc/>
    public override void Mean(ReadOnlySpan<float> parameters, Span<double> mean)
    {
        double highest = double.NegativeInfinity, total = 0;
        foreach (float logit in parameters)
            highest = Math.Max(highest, logit);
        for (int k = 0; k < mean.Length; k++)
            total += mean[k] = Math.Exp(parameters[k] - highest);
        for (int k = 0; k < mean.Length; k++)
            mean[k] /= total;
    }

    /// <inheritdoc/>
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance)
    {
        Mean(parameters, variance);
        for (int k = 0; k < variance.Length; k++)
            variance[k] *= 1 - variance[k];
    }

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x)
    {
        Mean(parameters, x);
        double u = random.NextDouble();
        int chosen = 0;
        while (chosen < x.Length - 1 && (u -= x[chosen]) >= 0)
            chosen++;
        x.Clear();
        x[chosen] = 1;
    }

    /// <inheritdoc/>
    public override string ToString() => "categorical";
}
