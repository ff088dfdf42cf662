namespace ProbML;

/// <summary>What every emitted model does with its columns at the end.</summary>
internal static class OnnxColumns
{
    public static bool Wants(this ReadOnlySpan<bool> wanted, int column) => wanted.IsEmpty || wanted[column];

    /// <summary>Columns in single precision, NaN in the rows that do not count.</summary>
    public static OnnxValue[] Finish(this IEnumerable<OnnxReal?> columns, OnnxTruth isRow) =>
        [.. columns.Select(column => column?.Where(isRow, double.NaN).ToSingle() ?? default)];
}
