using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Class probabilities of rows, and the standard errors of their logits by the delta method.</summary>
internal sealed class OrdinalPrediction
{
    private readonly ILinkFunction link;
    private readonly double[] covariance;                 // of (b, t)

    public OrdinalPrediction(VectorModelParts parts, ILinkFunction link, int cuts)
    {
        (this.link, covariance, Width) = (link, parts.Covariance, parts.Transform.Width - 1);
        int n = Width + cuts;
        (Slopes, Thresholds) = (parts.Scaled[..Width], parts.Scaled[Width..]);
        SlopeCovariance = new double[Width * Width];
        for (int i = 0; i < Width; i++)
            covariance.AsSpan(i * n, Width).CopyTo(SlopeCovariance.AsSpan(i * Width));
        CrossCovariance = [.. Enumerable.Range(Width, cuts).Select(j => covariance.AsSpan(j * n, Width).ToArray())];
    }

    /// <summary>The number of slopes.</summary>
    public int Width { get; }

    /// <summary>b.</summary>
    public double[] Slopes { get; }

    /// <summary>t, of P(y ≤ j) = F(tⱼ − z'b).</summary>
    public double[] Thresholds { get; }

    /// <summary>Of b and each t, [K − 1][q].</summary>
    public double[][] CrossCovariance { get; }

    /// <summary>Of b, [q, q].</summary>
    public double[] SlopeCovariance { get; }

    /// <summary>
    /// Probabilities, their logits and the logits' standard errors at η; zero errors where its variance is NaN.
    /// </summary>
    /// <remarks>With eⱼ = tⱼ − η: ∂pₖ/∂eₖ = F′(eₖ) and ∂pₖ/∂eₖ₋₁ = −F′(eₖ₋₁).</remarks>
    public void At(
        ReadOnlySpan<double> x, double eta, double variance, Span<double> p, Span<double> logits, Span<double> errors)
    {
        int cuts = Thresholds.Length, n = Width + cuts;
        var lower = new MeanPoint(0, 1, 0, 0);
        double below = 0, crossed = 0;                    // Var(eₖ₋₁), Cov(x'b, tₖ₋₁)
        for (int k = 0; k <= cuts; k++)
        {
            var upper = k < cuts ? link.Inverse(Thresholds[k] - eta) : new MeanPoint(1, 0, 0, 0);
            p[k] = k == 0 ? upper.Mean : k == cuts ? lower.Complement : OrdinalResponse.Difference(upper, lower);
            double rest = lower.Mean + upper.Complement;
            logits[k] = k == 0 ? upper.LogMean - upper.LogComplement
                : k == cuts ? lower.LogComplement - lower.LogMean
                : Math.Log(Math.Max(p[k], MeanPoint.Smallest)) - Math.Log(rest);
            errors[k] = 0;
            if (double.IsNaN(variance))
            {
                lower = upper;
                continue;
            }
            int place = (Width + k) * n + Width + k;
            double cross = k < cuts ? TensorPrimitives.Dot(x, CrossCovariance[k]) : 0;
            double own = k < cuts ? covariance[place] - 2 * cross + variance : 0;
            double both = k > 0 && k < cuts ? covariance[place - 1] - cross - crossed + variance : 0;
            double a = upper.Slope / p[k] / rest, b = lower.Slope / p[k] / rest;
            double spread = a * a * own - 2 * a * b * both + b * b * below;
            errors[k] = double.IsFinite(spread) ? Math.Sqrt(Math.Max(0, spread)) : 0;
            (lower, below, crossed) = (upper, own, cross);
        }
    }
}
