using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>Compares the columns that two tables share.</summary>
internal static class DriftComparison
{
    /// <exception cref="BadFileException">They have no columns in common, or too few rows.</exception>
    public static DriftReport Run(Table reference, Table current, CancellationToken stop)
    {
        TableColumn[] usable = [.. reference.Columns.Where(column => Table.ReasonToLeaveOut(column) is null or not "no values at all")
            .Where(column => column.IsNumber || column.Levels.Count <= 1000)];
        string[] lacking = [.. usable.Where(column => current.Columns.All(other => other.Name != column.Name)).Select(column => column.Name)];
        if (lacking.Length > 0)
        {
            throw new BadFileException(
                $"The second file lacks {string.Join(", ", lacking.Take(10).Select(name => $"'{name}'"))}{(lacking.Length > 10 ? ", …" : "")}. "
                    + "Both files need the same columns.");
        }
        TableColumn[] others = [.. usable.Select(column => current.Columns.First(other => other.Name == column.Name))];
        var ml = new MLContext(seed: 1);
        try
        {
            return ml.Data.DetectDrift(
                View(usable, reference.Rows), View(others, current.Rows), monitor: new() { Cancellation = stop });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new BadFileException($"The files cannot be compared: {e.Message}", e);
        }
    }

    private static TableView View(TableColumn[] columns, int rows) =>
        new([.. columns.Select(column => new ViewColumn(column))], [.. Enumerable.Range(0, rows)]);
}
