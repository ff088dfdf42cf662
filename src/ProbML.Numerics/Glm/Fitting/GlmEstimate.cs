namespace ProbML.Fitting;

/// <summary>Where the iterations ended.</summary>
internal sealed record GlmEstimate(
    GlmPoint Point,
    Penalty Penalty,
    ILikelihood Likelihood,
    double Objective,
    int Iterations,
    GlmStatus Status,
    int Runaway);

/// <summary>How a fit ended.</summary>
public enum GlmStatus
{
    /// <summary>At the optimum, to the tolerance.</summary>
    Converged,

    /// <summary>The iterations ran out, or no step improved the objective.</summary>
    NotConverged,

    /// <summary>No maximum-likelihood estimate exists: the fitted means of some rows run to the edge of their range.</summary>
    Separated,

    /// <summary>The negative binomial's θ runs to infinity: the counts vary no more than Poisson counts.</summary>
    NoOverdispersion,
}
