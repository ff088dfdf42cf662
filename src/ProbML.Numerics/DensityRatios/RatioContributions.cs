namespace ProbML.DensityRatios;

/// <summary>How much each feature adds to a log ratio: its Shapley value, the rows of a sample standing for the features not known.</summary>
/// <remarks>
/// Lundberg &amp; Lee (2017). Of a quadratic form it has a closed form: a square is its feature's own, and a product z₁z₂ gives
/// ½ (z₁z₂ + z₁ E z₂ − z₂ E z₁ − E z₁z₂) to the first and the like to the second. Each row's contributions add up to its log ratio
/// less the mean log ratio of the sample, exactly.
/// </remarks>
internal sealed class RatioContributions
{
    private readonly RatioFunction function;
    private readonly double[] means;                      // of the terms φ, over the background sample

    /// <param name="function">One component.</param>
    /// <param name="background">[n, d], row-major: the sample that contributions count from.</param>
    public RatioContributions(RatioFunction function, ReadOnlySpan<double> background)
    {
        if (function.Components != 1)
            throw new ArgumentException("Contributions add up for one component only.", nameof(function));
        this.function = function;
        int d = function.Terms.Dimension, p = function.Terms.Count, n = background.Length / d;
        means = new double[p];
        var terms = new double[p];
        for (int i = 0; i < n; i++)
        {
            Fill(background.Slice(i * d, d), terms);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(terms, 1.0 / n, means, means);
        }
    }

    /// <summary>The mean log ratio of the background.</summary>
    public double Base => RatioFunction.OfTerms(means, function.Coefficients) - function.LogPriorOdds;

    /// <summary>The contributions to the log ratio of a row.</summary>
    /// <param name="x">[d].</param>
    /// <param name="contributions">[d].</param>
    public void Of(ReadOnlySpan<double> x, Span<double> contributions)
    {
        int d = function.Terms.Dimension;
        var w = function.Coefficients[1..];
        using var rented = new RentedNumbers(function.Terms.Count);
        var terms = rented.Take(function.Terms.Count);
        Fill(x, terms);
        for (int j = 0; j < d; j++)
            contributions[j] = w[j] * (terms[j] - means[j]);
        for (int m = 0; m < function.Terms.Pairs.Length; m++)
        {
            var (left, right) = function.Terms.Pairs[m];
            double whole = terms[d + m] - means[d + m];
            if (left == right)
            {
                contributions[left] += w[d + m] * whole;
                continue;
            }
            double tilt = terms[left] * means[right] - terms[right] * means[left];
            contributions[left] += 0.5 * w[d + m] * (whole + tilt);
            contributions[right] += 0.5 * w[d + m] * (whole - tilt);
        }
    }

    private void Fill(ReadOnlySpan<double> x, Span<double> terms)
    {
        function.Ranges.Standardise(x, terms[..x.Length]);
        function.Terms.Fill(terms[..x.Length], terms);
    }
}
