using ProbML.Evaluation;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Facts;

/// <summary>r = Φ⁻¹(u), u uniform on [P(Y &lt; y), P(Y ≤ y)]: standard normal where the predicted law is the true one.</summary>
/// <remarks>Dunn &amp; Smyth (1996), Journal of Computational and Graphical Statistics 5, 236–244.</remarks>
internal sealed class QuantileResiduals
{
    private readonly PitSum sum = new();

    public QuantileResiduals(IResponseLaw law, IReadOnlyList<SampledRow> rows, int seed)
    {
        var random = new Random(seed);
        var (used, residuals) = (new List<SampledRow>(rows.Count), new List<double>(rows.Count));
        foreach (var (row, (below, through)) in rows.Zip(law.Probabilities(rows)))
        {
            if (double.IsNaN(below) || double.IsNaN(through))
                continue;
            double u = through > below ? below + random.NextDouble() * (through - below) : through;
            sum.Add(u, row.Weight);
            used.Add(row);
            residuals.Add(NormalDistribution.Quantile(Math.Clamp(u, 1e-12, 1 - 1e-12)));
        }
        (Rows, Values, Law) = (used, [.. residuals], law);
    }

    public IResponseLaw Law { get; }

    /// <summary>The rows that have a residual.</summary>
    public IReadOnlyList<SampledRow> Rows { get; }

    /// <summary>r, one a row.</summary>
    public double[] Values { get; }

    public PitHistogram? Histogram => sum.Histogram;

    public CoverageCurve? Coverage => sum.Curve;
}
