namespace ProbML.Fitting;

/// <summary>What is profiled: a log-likelihood, perhaps less a penalty, with its derivatives, at many points at once.</summary>
internal interface IProfiled
{
    /// <summary>The quadratic at each point; null where a mean leaves the family's domain.</summary>
    LocalQuadratic?[] Evaluate(IReadOnlyList<ProfileQuery> points);
}

/// <summary>A point at which the objective is asked for.</summary>
/// <param name="Parameters">(b, ln θ where θ is estimated), [m].</param>
/// <param name="Kind">Which information is wanted.</param>
internal readonly record struct ProfileQuery(double[] Parameters, Information Kind);

/// <summary>l(x + δ) ≈ Value + gᵀδ − ½ δᵀAδ.</summary>
/// <param name="Value">l, at unit dispersion.</param>
/// <param name="Gradient">g, [m].</param>
/// <param name="Information">A, [m, m], lower triangle.</param>
internal sealed record LocalQuadratic(double Value, double[] Gradient, double[] Information);
