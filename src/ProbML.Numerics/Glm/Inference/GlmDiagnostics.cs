using ProbML.Fitting;

namespace ProbML;

/// <summary>Residuals, leverages and influence of every row, one pass over the rows and a few hundred of them in memory.</summary>
/// <remarks>
/// As R's <c>influence.measures</c>: Williams (1987), Applied Statistics 36; Pregibon (1981), Annals of Statistics 9; McCullagh
/// &amp; Nelder (1989), ch. 12. What leaving out a row does is the first step of the fit without it; σ₍ᵢ₎² is
/// (D − e²/(1 − h)) / (n − p − 1) with the deviance residual e, for every family, as in R's <c>lm.influence</c>.
/// </remarks>
public static class GlmDiagnostics
{
    /// <summary>The rows' diagnostics, in their order, computed as they are asked for.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="dfbetas">Whether to compute <see cref="GlmRowDiagnostics.Dfbetas"/>, p numbers a row.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the model no covariance.</exception>
    public static IEnumerable<GlmRowDiagnostics> Rows(
        Design design, GlmModel model, bool dfbetas = false, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        FittedRows.CheckCovariance(model);
        return Stream(design, new DiagnosticRows(model, dfbetas), monitor ?? TrainingMonitor.None);
    }

    /// <summary>The rows that move the model most, by Cook's distance, the largest first, with their dfbetas.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="count">How many.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the model no covariance.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public static IReadOnlyList<GlmRowDiagnostics> MostInfluential(
        Design design, GlmModel model, int count = 10, TrainingMonitor? monitor = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var largest = new PriorityQueue<GlmRowDiagnostics, (double, long)>();
        foreach (var row in Rows(design, model, dfbetas: true, monitor))
        {
            double distance = double.IsNaN(row.CooksDistance) ? -1 : row.CooksDistance;
            largest.Enqueue(row, (distance, -row.Row));
            if (largest.Count > count)
                largest.Dequeue();
        }
        var table = new GlmRowDiagnostics[largest.Count];
        for (int k = table.Length - 1; k >= 0; k--)
            table[k] = largest.Dequeue();
        return table;
    }

    private static IEnumerable<GlmRowDiagnostics> Stream(Design design, DiagnosticRows rows, TrainingMonitor monitor)
    {
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(FittedRows.Capacity, design.FeatureCount);
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            foreach (var row in rows.Of(buffer))
                yield return row;
        }
    }
}
