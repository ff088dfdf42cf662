namespace ProbML.GaussianProcesses;

/// <summary>How much an evaluation of an unknown function at x promises, f(x) ~ N(μ, s²): the larger, the sooner it is worth it.</summary>
/// <remarks>Jones, Schonlau &amp; Welch (1998); Srinivas et al. (2010); Ament et al. (2023), for the logarithm.</remarks>
public abstract record Acquisition
{
    private protected Acquisition()
    {
    }

    /// <summary>E max(0, best − f): by how much f is expected to fall below the best value so far.</summary>
    /// <param name="margin">Improvements that do not exceed this count for nothing, in the response's unit.</param>
    public static Acquisition ExpectedImprovement(double margin = 0) => new ExpectedImprovementAcquisition(margin, IsLogarithm: false);

    /// <summary>ln E max(0, best − f), which does not underflow far from any improvement: what a search can climb.</summary>
    /// <param name="margin">Improvements that do not exceed this count for nothing, in the response's unit.</param>
    public static Acquisition LogExpectedImprovement(double margin = 0) => new ExpectedImprovementAcquisition(margin, IsLogarithm: true);

    /// <summary>P(f &lt; best − margin).</summary>
    /// <param name="margin">What an improvement must exceed, in the response's unit.</param>
    public static Acquisition ProbabilityOfImprovement(double margin = 0) => new ImprovementProbabilityAcquisition(margin);

    /// <summary>κ s − μ: the optimistic end of f, with its sign changed so that larger is better (a lower confidence bound).</summary>
    /// <param name="kappa">κ ≥ 0: how many standard deviations.</param>
    public static Acquisition ConfidenceBound(double kappa = 2) => new ConfidenceBoundAcquisition(kappa);

    /// <summary>s²: where least is known, whatever the value.</summary>
    public static Acquisition MaximumVariance { get; } = new VarianceAcquisition();

    /// <summary>What an evaluation promises, f being minimised.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="standardDeviation">s ≥ 0, of f, without noise.</param>
    /// <param name="best">The best value so far; some do not look at it.</param>
    public abstract double Value(double mean, double standardDeviation, double best);

    /// <summary>ln(φ(z) + z Φ(z)), also where both underflow.</summary>
    internal static double LogImprovement(double z)
    {
        if (z > -1)
            return Math.Log(NormalDistribution.Density(z) + z * NormalDistribution.Cdf(z));
        double square = 1 / (z * z);                      // φ(z) (1 + z Φ(z)/φ(z)), Mills' ratio by its series where it cancels
        double rest = z < -1000
            ? square * (1 - 3 * square)
            : 1 + z * NormalDistribution.ScaledTail(-z) / NormalDistribution.InverseRootTwoPi;
        return NormalDistribution.LogDensity(z) + Math.Log(rest);
    }
}

/// <summary>Expected improvement, or its logarithm.</summary>
internal sealed record ExpectedImprovementAcquisition(double Margin, bool IsLogarithm) : Acquisition
{
    public double Margin { get; } = double.IsFinite(Margin)
        ? Margin
        : throw new ArgumentOutOfRangeException(nameof(Margin), Margin, "A margin must be finite.");

    public override double Value(double mean, double standardDeviation, double best)
    {
        double gain = best - Margin - mean;
        if (!(standardDeviation > 0))
            return IsLogarithm ? Math.Log(Math.Max(gain, 0)) : Math.Max(gain, 0);
        double log = Math.Log(standardDeviation) + LogImprovement(gain / standardDeviation);
        return IsLogarithm ? log : Math.Exp(log);
    }
}

/// <summary>Probability of improvement.</summary>
internal sealed record ImprovementProbabilityAcquisition(double Margin) : Acquisition
{
    public double Margin { get; } = double.IsFinite(Margin)
        ? Margin
        : throw new ArgumentOutOfRangeException(nameof(Margin), Margin, "A margin must be finite.");

    public override double Value(double mean, double standardDeviation, double best) => standardDeviation > 0
        ? NormalDistribution.Cdf((best - Margin - mean) / standardDeviation)
        : mean < best - Margin ? 1 : 0;
}

/// <summary>Confidence bound.</summary>
internal sealed record ConfidenceBoundAcquisition(double Kappa) : Acquisition
{
    public double Kappa { get; } = Kappa >= 0 && double.IsFinite(Kappa)
        ? Kappa
        : throw new ArgumentOutOfRangeException(nameof(Kappa), Kappa, "κ must be finite and not negative.");

    public override double Value(double mean, double standardDeviation, double best) => Kappa * standardDeviation - mean;
}

/// <summary>Variance.</summary>
internal sealed record VarianceAcquisition : Acquisition
{
    public override double Value(double mean, double standardDeviation, double best) => standardDeviation * standardDeviation;
}
