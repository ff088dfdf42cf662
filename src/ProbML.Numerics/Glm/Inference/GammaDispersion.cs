namespace ProbML.Fitting;

/// <summary>Σ w [ln(wα) − ψ(wα)] and its derivative by ln α: the score of the Gamma's shape α = 1/φ, the deviance aside.</summary>
internal sealed class GammaDispersion(double shape) : IBlockSum<GammaDispersion>
{
    private double value, slope;

    public void Clear() => (value, slope) = (0, 0);

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i), a = w * shape;
            if (w <= 0)
                continue;
            value += w * (Math.Log(a) - GammaFunctions.Digamma(a));
            slope += w * (1 - a * GammaFunctions.Trigamma(a));
        }
    }

    public void Merge(GammaDispersion other) => (value, slope) = (value + other.value, slope + other.slope);

    /// <summary>The φ at which the sum is D/2, by Newton's method for the logarithm of the sum; one pass a step.</summary>
    /// <remarks>ln(a) − ψ(a) lies between 1/(2a) and 1/a, so its logarithm is nearly linear in ln a.</remarks>
    public static double Estimate(Design design, double deviance, long rows, TrainingMonitor monitor, int? threads)
    {
        if (!(deviance > 0))
            return 0;
        double logShape = Math.Log(rows / deviance);
        for (int iteration = 0; iteration < 100; iteration++)
        {
            double shape = Math.Exp(logShape);
            var at = design.IsSparse
                ? design.SumSparse(() => new GammaDispersion(shape), monitor, threads)
                : design.Sum(() => new GammaDispersion(shape), monitor, threads);
            double step = Math.Log(0.5 * deviance / at.value) * at.value / at.slope;
            logShape += Math.Clamp(step, -3, 3);
            if (!(Math.Abs(step) > 1e-12))
                break;
        }
        return Math.Exp(-logShape);
    }
}
