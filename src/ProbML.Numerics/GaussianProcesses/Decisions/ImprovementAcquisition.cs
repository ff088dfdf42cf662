namespace ProbML.GaussianProcesses;

/// <summary>Expected improvement, or its logarithm.</summary>
internal sealed record ExpectedImprovementAcquisition(double Margin, bool IsLogarithm) : Acquisition
{
    private const double Near = -1, Far = -1000;

    public double Margin { get; } = Improvement.Checked(Margin);

    public override string ColumnName => IsLogarithm ? ColumnNames.LogExpectedImprovement : ColumnNames.ExpectedImprovement;

    public override double Value(double mean, double standardDeviation, double best)
    {
        double gain = best - Margin - mean;
        if (!(standardDeviation > 0))
            return IsLogarithm ? Math.Log(Math.Max(gain, 0)) : Math.Max(gain, 0);
        double log = Math.Log(standardDeviation) + LogImprovement(gain / standardDeviation);
        return IsLogarithm ? log : Math.Exp(log);
    }

    public override string ToString() =>
        AcquisitionText.Write(IsLogarithm ? AcquisitionText.LogImprovement : AcquisitionText.Improvement, Margin);

    /// <summary>ln(φ(z) + z Φ(z)), also where both underflow.</summary>
    internal static double LogImprovement(double z)
    {
        if (z > Near)
            return Math.Log(NormalDistribution.Density(z) + z * NormalDistribution.Cdf(z));
        double square = 1 / (z * z);                      // φ(z) (1 + z Φ(z)/φ(z)), Mills' ratio by its series where it cancels
        double rest = z < Far
            ? square * (1 - 3 * square)
            : 1 + z * NormalDistribution.ScaledTail(-z) / NormalDistribution.InverseRootTwoPi;
        return NormalDistribution.LogDensity(z) + Math.Log(rest);
    }

    internal override OnnxReal Emit(OnnxReal mean, OnnxReal standardDeviation, double best)
    {
        var scope = mean.Scope;
        var gain = best - Margin - mean;
        var certain = gain.Max(0);
        var log = standardDeviation.Log() + LogImprovement(gain / standardDeviation);
        return IsLogarithm
            ? scope.Choose(standardDeviation > 0, log, certain.Log())
            : scope.Choose(standardDeviation > 0, log.Exp(), certain);
    }

    private static OnnxReal LogImprovement(OnnxReal z)
    {
        var scope = z.Scope;
        var near = (z.NormalDensity() + z * z.NormalCdf()).Log();
        var below = z.Min(Near);
        var square = 1 / (below * below);
        var rest = scope.Choose(
            below < Far, square * (1 - 3 * square), 1 + below * (-below).ScaledTail() / NormalDistribution.InverseRootTwoPi);
        return scope.Choose(z > Near, near, below.NormalLogDensity() + rest.Log());
    }
}

/// <summary>Probability of improvement.</summary>
internal sealed record ImprovementProbabilityAcquisition(double Margin) : Acquisition
{
    public double Margin { get; } = Improvement.Checked(Margin);

    public override string ColumnName => ColumnNames.ProbabilityOfImprovement;

    public override double Value(double mean, double standardDeviation, double best) => standardDeviation > 0
        ? NormalDistribution.Cdf((best - Margin - mean) / standardDeviation)
        : mean < best - Margin ? 1 : 0;

    public override string ToString() => AcquisitionText.Write(AcquisitionText.Probability, Margin);

    internal override OnnxReal Emit(OnnxReal mean, OnnxReal standardDeviation, double best)
    {
        var gain = best - Margin - mean;
        return mean.Scope.Choose(standardDeviation > 0, (gain / standardDeviation).NormalCdf(), (gain > 0).ToReal());
    }
}

/// <summary>What improvements have in common.</summary>
internal static class Improvement
{
    public static double Checked(double margin) => double.IsFinite(margin)
        ? margin
        : throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin must be finite.");
}
