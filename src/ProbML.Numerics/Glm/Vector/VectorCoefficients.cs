namespace ProbML.Fitting;

/// <summary>How the coefficients that a model shows follow from the parameters of the fit: β = T b.</summary>
/// <param name="Names">[R].</param>
/// <param name="Map">T, [R, P].</param>
/// <param name="Aliased">Why a coefficient is aliased, or null, [R].</param>
internal sealed record VectorCoefficients(string[] Names, double[] Map, string?[] Aliased);
