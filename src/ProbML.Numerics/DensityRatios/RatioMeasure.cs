using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>What log ratios come to, in two passes: the second knows where to cut.</summary>
internal sealed class RatioMeasure(long numeratorRows, long denominatorRows, double? maximumRatio)
{
    private readonly FDivergenceSum divergences = new();
    private double ratios, weight, cut = double.NaN, sum, squares;

    public void Add(double logRatio, bool isNumerator, double w)
    {
        double r = Math.Exp(logRatio);
        if (double.IsNaN(cut))
        {
            divergences.Add(logRatio, isNumerator, w);
            if (!isNumerator)
                (ratios, weight) = (ratios + w * Math.Min(r, 1e300), weight + w);
        }
        else if (!isNumerator)
        {
            double part = Math.Min(r, cut) / cut;         // so that no square overflows
            (sum, squares) = (sum + w * part, squares + w * part * part);
        }
    }

    public void EndPass()
    {
        if (double.IsNaN(cut))
            cut = Math.Clamp(maximumRatio ?? Math.Sqrt(denominatorRows) * ratios / weight, 1e-300, 1e300);
    }

    public DensityRatioStatistics Finish() => new()
    {
        NumeratorRows = numeratorRows,
        DenominatorRows = denominatorRows,
        Divergences = divergences.Finish(),
        EffectiveSampleSize = squares > 0 ? sum * sum / squares : 0,
        MaximumRatio = cut,
        MeanRatio = sum > 0 ? sum / weight * cut : 1,
    };
}
