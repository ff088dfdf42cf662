namespace ProbML;

/// <summary>How the coefficients of a factor's groups vary: Σ of b ~ N(0, Σ).</summary>
/// <param name="Group">The factor's column.</param>
/// <param name="Names">The names of the coefficients, [q].</param>
/// <param name="Groups">The number of groups.</param>
/// <param name="StandardDeviations">√Σᵢᵢ, [q].</param>
/// <param name="Correlations">[q, q]; NaN beside a standard deviation of zero.</param>
public sealed record VarianceComponent(
    string Group, IReadOnlyList<string> Names, int Groups, IReadOnlyList<double> StandardDeviations, double[,] Correlations)
{
    /// <summary>What the draws say of each standard deviation ("sd(x)") and correlation ("cor(x,z)"); empty without draws.</summary>
    public IReadOnlyList<BayesianCoefficient> Posterior { get; init; } = [];

    /// <summary>Whether the estimate lies at the edge, some combination of coefficients not varying at all: R's isSingular.</summary>
    public bool IsSingular { get; init; }
}

/// <summary>The coefficients of one group: its differences from what is common to all.</summary>
/// <param name="Level">The group.</param>
/// <param name="Rows">How many rows it had.</param>
/// <param name="Means">Posterior means (of a likelihood's fit the conditional modes, R's <c>ranef</c>), [q].</param>
/// <param name="StandardDeviations">
/// Posterior standard deviations, [q]; after a likelihood's fit they are conditional on the common coefficients and covariances, as R's are.
/// </param>
public sealed record GroupEstimate(
    string Level, int Rows, IReadOnlyList<double> Means, IReadOnlyList<double> StandardDeviations);
