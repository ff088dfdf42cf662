namespace ProbML.DensityRatios;

/// <summary>An unnormalised model fitted by telling its data from noise.</summary>
/// <param name="Parameters">θ, [p].</param>
/// <param name="LogNormalizer">ln Z: ln p(x) = ln p̃(x; θ) − ln Z.</param>
/// <param name="Loss">The mean log loss of the classification; ln 2 where as much noise as data is not told apart at all.</param>
/// <param name="Converged">Whether the gradient had become small when the search ended.</param>
public sealed record NoiseContrastiveFit(IReadOnlyList<double> Parameters, double LogNormalizer, double Loss, bool Converged);
