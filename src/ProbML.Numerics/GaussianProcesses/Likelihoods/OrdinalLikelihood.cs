using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Ordered classes 0 … K − 1: P(Y ≤ j | f) = F(τⱼ − f), F logistic or normal, τ₀ &lt; τ₁ &lt; … &lt; τ_(K−2).</summary>
/// <remarks>McCullagh (1980); Chu &amp; Ghahramani (2005), JMLR 6.</remarks>
public sealed record OrdinalLikelihood : LatentLikelihood
{
    private readonly KernelVector<double> thresholds;

    /// <summary>A likelihood with thresholds.</summary>
    /// <param name="thresholds">[K − 1], increasing.</param>
    /// <param name="link">Logit or probit; null: logit.</param>
    /// <exception cref="ArgumentException">The thresholds do not increase, or the link is another one.</exception>
    public OrdinalLikelihood(KernelVector<double> thresholds, ILinkFunction? link = null)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        ArgumentOutOfRangeException.ThrowIfZero(thresholds.Count, nameof(thresholds));
        for (int j = 0; j < thresholds.Count; j++)
        {
            if (!double.IsFinite(thresholds[j]) || (j > 0 && !(thresholds[j] > thresholds[j - 1])))
                throw new ArgumentException($"Thresholds must increase, but {thresholds} do not.", nameof(thresholds));
        }
        (this.thresholds, Link) = (thresholds, link ?? Links.Logit);
        if (Link is not (LogitLink or ProbitLink))
            throw new ArgumentException($"Ordinal Gaussian processes have the links logit and probit, not '{Link.Name}'.", nameof(link));
    }

    /// <summary>τ, [K − 1].</summary>
    public KernelVector<double> Thresholds => thresholds;

    /// <summary>The inverse of F.</summary>
    public ILinkFunction Link { get; }

    /// <summary>K.</summary>
    public int ClassCount => thresholds.Count + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
        [.. thresholds.Select((_, j) => j == 0 ? "threshold[0]" : $"gap[{j}]")];

    /// <summary>τ₀, then ln(τⱼ − τⱼ₋₁).</summary>
    public override double[] FreeParameters() =>
        [.. thresholds.Select((threshold, j) => j == 0 ? threshold : Math.Log(threshold - thresholds[j - 1]))];

    /// <inheritdoc/>
    public override LatentLikelihood With(ReadOnlySpan<double> free)
    {
        var moved = new double[free.Length];
        moved[0] = free[0];
        for (int j = 1; j < moved.Length; j++)
            moved[j] = moved[j - 1] + Math.Exp(free[j]);
        return new OrdinalLikelihood(KernelVector.Create<double>(moved), Link);
    }

    /// <summary>P(Y = k | f), [K].</summary>
    public void Probabilities(double f, Span<double> probabilities)
    {
        var lower = new MeanPoint(0, 1, 0, 0);
        for (int k = 0; k < ClassCount; k++)
        {
            var upper = k < thresholds.Count ? Link.Inverse(thresholds[k] - f) : new MeanPoint(1, 0, 0, 0);
            probabilities[k] = OrdinalResponse.Difference(upper, lower);
            lower = upper;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"ordinal({Link.Name}, thresholds={thresholds})";

    /// <summary>Thresholds where the classes' shares lie, for a function of unit variance or so.</summary>
    /// <param name="y">[n].</param>
    /// <param name="weights">[n]; empty: all one.</param>
    internal OrdinalLikelihood ForClasses(ReadOnlySpan<double> y, ReadOnlySpan<double> weights)
    {
        var shares = new double[ClassCount];
        Array.Fill(shares, 0.5);
        for (int i = 0; i < y.Length; i++)
            shares[(int)y[i]] += weights.IsEmpty ? 1 : weights[i];
        var moved = new double[thresholds.Count];
        double below = 0, all = shares.Sum();
        for (int j = 0; j < moved.Length; j++)
        {
            below += shares[j];
            moved[j] = 1.4 * Link.Link(below / all);
        }
        return new(KernelVector.Create<double>(moved), Link);
    }

    internal override IEnumerable<Hyperparameter> Hyperparameters() => FreeParameters().Select((free, j) => j == 0
        ? new Hyperparameter("threshold[0]", free, -50, 50, IsLogarithmic: false)
        : new Hyperparameter($"gap[{j}]", Math.Exp(free), 1e-4, 1e3));

    internal override string? Fault(double y) =>
        y >= 0 && y < ClassCount && y == Math.Floor(y) ? null : $"must be classes from 0 to {ClassCount - 1}";

    internal override LatentPoint At(double y, double f)
    {
        var (value, upper, lower) = Ends(y, f);
        double first = upper.First - lower.First, second = upper.Second - lower.Second, third = upper.Third - lower.Third;
        return new(value, -first, second - first * first, -(third - 3 * first * second + 2 * first * first * first));
    }

    internal override void ParameterPoints(double y, double f, Span<ParameterPoint> points)
    {
        var (_, upper, lower) = Ends(y, f);
        double first = upper.First - lower.First, second = upper.Second - lower.Second;
        int k = (int)y;
        points.Clear();
        Add(upper, k, 1, points);
        Add(lower, k - 1, -1, points);

        // A threshold moves with the first one, and with every gap below it.
        void Add(in End end, int threshold, int sign, Span<ParameterPoint> to)
        {
            if (threshold < 0 || threshold >= thresholds.Count)
                return;
            var own = new ParameterPoint(
                sign * end.First,
                sign * (first * end.First - end.Second),
                sign * (end.Third - second * end.First - 2 * first * (end.Second - first * end.First)));
            for (int j = 0; j <= threshold; j++)
                to[j] += (j == 0 ? 1 : thresholds[j] - thresholds[j - 1]) * own;
        }
    }

    /// <summary>F′, F″, F‴ at an end of the class's interval, over its probability.</summary>
    private readonly record struct End(double First, double Second, double Third);

    private (double Value, End Upper, End Lower) Ends(double y, double f)
    {
        int k = (int)y;
        bool isFirst = k == 0, isLast = k == thresholds.Count;
        double top = isLast ? 0 : thresholds[k] - f, bottom = isFirst ? 0 : thresholds[k - 1] - f;
        MeanPoint upper = isLast ? new(1, 0, 0, 0) : Link.Inverse(top), lower = isFirst ? new(0, 1, 0, 0) : Link.Inverse(bottom);
        double p = Math.Max(OrdinalResponse.Difference(upper, lower), MeanPoint.Smallest);
        double value = isFirst ? upper.LogMean : isLast ? lower.LogComplement : Math.Log(p);
        return (value, isLast ? default : Over(upper, top, p), isFirst ? default : Over(lower, bottom, p));
    }

    private End Over(in MeanPoint mean, double z, double p) => new(
        mean.Slope / p,
        mean.Curvature / p,
        (Link is LogitLink ? mean.Slope * (1 - 6 * mean.Slope) : (z * z - 1) * mean.Slope) / p);
}
