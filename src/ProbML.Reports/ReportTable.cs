namespace ProbML.Reports;

/// <summary>A table of a report; the first cell of each row says what the row is about.</summary>
public sealed class ReportTable
{
    internal ReportTable(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Title = Html.Text.Plain(title);
        Columns = [.. columns.Select(Html.Text.Plain)];
        Rows = [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Html.Text.Plain)])];
    }

    /// <summary>What it shows.</summary>
    public string Title { get; }

    /// <summary>The headers, [k].</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The cells as text, [n][k].</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }
}
