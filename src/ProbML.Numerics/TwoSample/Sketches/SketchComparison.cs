namespace ProbML.TwoSample;

/// <summary>Tests of whether the rows of two sketches come from one distribution.</summary>
/// <param name="Columns">Each column's, in the reference's order.</param>
/// <param name="MeanDiscrepancy">
/// The block test of maximum mean discrepancy of the rows drawn: all columns of numbers together, each less the mean and over the standard deviation
/// of both tables' rows, a missing one at the mean. Null: no column of numbers varies, or there are fewer than four rows.
/// </param>
public sealed record SketchComparison(IReadOnlyList<ColumnComparison> Columns, TwoSampleTestResult? MeanDiscrepancy)
{
    /// <summary>Compares two sketches; their options and the order of their columns may differ.</summary>
    /// <remarks>
    /// Rows drawn without replacement from independent rows are themselves independent rows of the same distribution, so the tests of a sample hold
    /// for them as they are: what a sketch costs is power, none of the level.
    /// </remarks>
    /// <param name="reference">The rows as they were.</param>
    /// <param name="current">The rows as they are.</param>
    /// <param name="options">The kernel of the mean discrepancy; null: the median's width, blocks of √n rows.</param>
    /// <exception cref="ArgumentException">The sketches have different columns, each named; or one has no rows.</exception>
    public static SketchComparison Of(TableSketch reference, TableSketch current, MmdOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        if (SketchColumn.Differences(reference.Columns, current.Columns, "the reference", "the current sketch") is { Count: > 0 } differences)
            throw new ArgumentException($"The sketches are of different columns: {string.Join("; ", differences)}.", nameof(current));
        if (reference.Rows == 0 || current.Rows == 0)
            throw new ArgumentException($"Sketches of {reference.Rows} and {current.Rows} rows: both must have some.", nameof(current));
        ColumnComparison[] columns = [.. reference.Columns.Select(column => ColumnComparison.Of(column, reference, current))];
        double[] p = [.. columns.Select(column => column.PValue)];
        double[] holm = MultipleTesting.Holm(p), rates = MultipleTesting.BenjaminiHochberg(p);
        return new(
            [.. columns.Select((column, j) => column with { HolmPValue = holm[j], BenjaminiHochbergPValue = rates[j] })],
            Discrepancy(reference, current, options));
    }

    private static TwoSampleTestResult? Discrepancy(TableSketch reference, TableSketch current, MmdOptions? options)
    {
        int n = reference.SampledRows, m = current.SampledRows;
        var scales = new List<(string Name, double Mean, double Deviation)>();
        foreach (var column in reference.Columns.Where(column => !column.IsLevels))
        {
            var both = reference.Tally(column.Name).Merge(current.Tally(column.Name)).Summary();
            if (both.Variance > 0 && double.IsFinite(both.Variance))
                scales.Add((column.Name, both.Mean, Math.Sqrt(both.Variance)));
        }
        int rows = Math.Min(n, m), block = options?.BlockRows ?? Math.Max(2, (int)Math.Sqrt(rows));
        return scales.Count == 0 || rows < 4 || rows / block < 2
            ? null
            : MaximumMeanDiscrepancy.BlockTest(Numbers(reference), Numbers(current), scales.Count, options);

        double[] Numbers(TableSketch sketch)
        {
            var numbers = new double[sketch.SampledRows * scales.Count];
            for (int j = 0; j < scales.Count; j++)
            {
                double[] values = sketch.SampledNumbers(scales[j].Name);
                for (int i = 0; i < values.Length; i++)
                    numbers[i * scales.Count + j] = double.IsNaN(values[i]) ? 0 : (values[i] - scales[j].Mean) / scales[j].Deviation;
            }
            return numbers;
        }
    }
}
