namespace ProbML.Reports.Rows;

/// <summary>A sample of rows with what they were predicted from, which is read of those alone that are taken.</summary>
internal sealed class HeldRows(Reservoir reservoir, RowCursor cursor, string? features, ColumnRoles? roles)
{
    private readonly Func<double[]>? read = cursor.Vector(features);
    private readonly Func<double> offset = cursor.Number(roles?.Offset, 0), exposure = cursor.Number(roles?.Exposure, 1);
    private readonly Func<IReadOnlyDictionary<string, string>> groups = cursor.Texts(roles?.Groups ?? []);

    public IReadOnlyList<SampledRow> Rows => reservoir.Rows;

    public void Offer(SampledRow row) => reservoir.Offer(() => row with
    {
        Number = cursor.Count,
        Features = read?.Invoke() ?? [],
        Offset = offset() + Math.Log(exposure()),
        Groups = groups(),
    });
}
