using System.Runtime.CompilerServices;

namespace ProbML.Fitting;

/// <summary>The derivatives of a row's unit-dispersion log-likelihood with respect to η.</summary>
internal static class RowTerms
{
    /// <summary>∂ ln p/∂η = (y − μ) μ′ / V, without cancellation for probabilities near 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Score(IFamily family, double y, in MeanPoint mean) =>
        family.Residual(y, mean) * mean.Slope / family.UnitVariance(mean);

    /// <summary>−E ∂² ln p/∂η² = μ′² / V.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ExpectedInformation(IFamily family, in MeanPoint mean) =>
        mean.Slope * (mean.Slope / family.UnitVariance(mean));

    /// <summary>−∂² ln p/∂η² = μ′²/V − (y − μ)(μ″/V − μ′² V′/V²).</summary>
    public static double ObservedInformation(IFamily family, double y, in MeanPoint mean)
    {
        double variance = family.UnitVariance(mean), slope = mean.Slope / variance;
        return mean.Slope * slope
            - family.Residual(y, mean) * (mean.Curvature / variance - slope * slope * family.UnitVarianceSlope(mean));
    }
}
