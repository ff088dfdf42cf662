using System.Text;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>What <c>probml drift</c> was asked for.</summary>
internal sealed record DriftRequest(
    IReadOnlyList<string> Reference,
    IReadOnlyList<string> Current,
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Ignore,
    IReadOnlyList<string> Categorical,
    double Level,
    int? Seed,
    string? Html,
    bool Json,
    string? SketchOut,
    int Sample,
    bool AllowDuplicates);

/// <summary><c>probml drift</c>: whether rows still look like others'. Drift is exit code 3.</summary>
internal sealed class DriftCommand(Terminal terminal, CancellationToken stop)
{
    /// <summary>The exit code of a file that has drifted.</summary>
    public const int Drift = 3;

    public int Run(DriftRequest request)
    {
        terminal.IsQuiet = request.Json;
        var reference = ShardFiles.Find(request.Reference, "--reference");
        var current = ShardFiles.Find(request.Current, "--current");
        using var page = request.Html is { } path ? ReplacedFile.Create(path, [.. reference, .. current]) : null;
        DriftReport? report;
        try
        {
            report = reference.Count == 1 && current.Count == 1 && request.SketchOut is null && !reference.Concat(current).Any(Side.IsSketch)
                ? Compare(request, CsvFile.Open(reference[0]), CsvFile.Open(current[0]))
                : new SketchedDrift(terminal, stop).Run(request, reference, current);
        }
        catch (InvalidOperationException e)
        {
            throw new BadDataException(e.Message, e);
        }
        if (report is null)
            return 0;
        terminal.ClearProgress();
        if (page is not null)
        {
            page.Stream.Write(Encoding.UTF8.GetBytes(report.CreateReport().ToHtml()));
            page.Commit();
        }
        terminal.Output.WriteLine(request.Json ? report.ToJson() : report.ToString().TrimEnd());
        return report.IsDrift ? Drift : 0;
    }

    /// <summary>Compares the rows of two files.</summary>
    private DriftReport Compare(DriftRequest request, CsvFile reference, CsvFile current)
    {
        string[] names = Columns(request, reference, current);
        DataScan before = Scan(reference, names, request.Categorical), now = Scan(current, names, request.Categorical);
        bool[] levels = [.. names.Select(name => IsLevels(before[name], now[name], before, now))];
        return new MLContext(request.Seed).Data.DetectDrift(
            View(before),
            View(now),
            new() { Level = request.Level, Seed = request.Seed ?? 1 },
            new() { Cancellation = stop });

        CsvDataView View(DataScan scan) => new(
            scan.File,
            [.. names.Select((name, i) => levels[i] ? ViewColumn.Text(name, scan[name].Levels()) : ViewColumn.Number(name))],
            omitMissing: false);
    }

    /// <summary>The columns of both files, or those that were named.</summary>
    private static string[] Columns(DriftRequest request, CsvFile reference, CsvFile current)
    {
        string[] names = request.Features is []
            ? [.. reference.Header.Union(current.Header).Where(name => name.Length > 0)]
            : [.. request.Features];
        names = [.. names.Except(request.Ignore)];
        foreach (string name in names.Concat(request.Ignore))
        {
            bool isHere = reference.Has(name), isThere = current.Has(name);
            if (isHere && isThere || !names.Contains(name) && (isHere || isThere))
                continue;
            if (!isHere && !isThere)
                _ = reference.IndexOf(name);               // says which columns there are
            throw new BadDataException(
                $"{(isHere ? current.Name : reference.Name)} has no column '{name}', but {(isHere ? reference.Name : current.Name)} has: "
                + "leave it out with --ignore.");
        }
        if (names.Length == 0)
            throw new UsageException("no column is left to compare.");
        return names;
    }

    private DataScan Scan(CsvFile file, string[] names, IReadOnlyList<string> categorical) => DataScan.Of(
        [file],
        [.. names.Select(name => new ColumnUse(name, categorical.Contains(name) ? CellKind.Level : CellKind.Guess))],
        rows =>
        {
            stop.ThrowIfCancellationRequested();
            terminal.Progress($"checking {file.Name}: {rows} rows");
        },
        keepsMissing: true);

    /// <summary>Whether a column holds levels on both sides.</summary>
    /// <exception cref="BadDataException">It holds numbers on one and text on the other.</exception>
    public static bool IsLevels(ColumnScan before, ColumnScan now, DataScan reference, DataScan current)
    {
        bool isHere = before.IsLevels && before.Missing < reference.Rows, isThere = now.IsLevels && now.Missing < current.Rows;
        bool hereEmpty = before.Missing == reference.Rows, thereEmpty = now.Missing == current.Rows;
        if (isHere != isThere && !hereEmpty && !thereEmpty)
            throw new BadDataException(
                $"'{before.Name}' holds {(isHere ? "text" : "numbers")} in {reference.Name} and {(isThere ? "text" : "numbers")} in "
                + $"{current.Name}: correct it, or use --categorical {before.Name} if these are levels.");
        return isHere || isThere;
    }
}
