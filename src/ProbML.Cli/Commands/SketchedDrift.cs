using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.TwoSample;

namespace ProbML.Cli;

/// <summary>Rows in many files, or what was kept of them: each file is sketched where it lies, as many at a time as there are cores.</summary>
internal sealed class SketchedDrift(Terminal terminal, CancellationToken stop)
{
    /// <summary>The report of both sides; null: there is no current side, and the reference's sketch was wanted alone.</summary>
    public DriftReport? Run(DriftRequest request, IReadOnlyList<string> reference, IReadOnlyList<string> current)
    {
        using var kept = request.SketchOut is { } path ? ReplacedFile.Create(path, [.. reference, .. current]) : null;
        Side before = Side.Open(reference), now = Side.Open(current);
        var columns = Columns(request, before, now);
        var ml = new MLContext(request.Seed);
        var old = Sketch(ml, before, columns, request);
        if (now.IsEmpty)
        {
            Keep(kept!, old, request);
            return null;
        }
        var report = ml.Data.DetectDrift(
            old,
            Sketch(ml, now, columns, request),
            new()
            {
                Columns = [.. columns.Select(column => column.Name)],
                Level = request.Level,
                Seed = request.Seed ?? 1,
                MaximumRows = Math.Max(new DriftOptions().MaximumRows, request.Sample),
            },
            new() { Cancellation = stop });
        if (kept is not null)
        {
            kept.Stream.Write(old.ToBytes());
            kept.Commit();
        }
        return report;
    }

    private void Keep(ReplacedFile kept, TableSketch sketch, DriftRequest request)
    {
        byte[] bytes = sketch.ToBytes();
        kept.Stream.Write(bytes);
        kept.Commit();
        terminal.ClearProgress();
        if (request.Json)
            terminal.Output.WriteLine(new JsonObject
            {
                ["rows"] = sketch.Rows, ["drawnRows"] = sketch.SampledRows, ["columns"] = sketch.Columns.Count, ["bytes"] = bytes.Length,
                ["sources"] = sketch.Sources.Count,
            }.ToJsonString());
        else
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sketch.Rows} rows of {sketch.Columns.Count} columns from {sketch.Sources.Count} sources: {sketch.SampledRows} drawn, {bytes.Length} bytes."));
    }

    /// <summary>The columns to sketch: those of the first sketch there is, or what a look through all files finds.</summary>
    private SketchColumn[] Columns(DriftRequest request, Side before, Side now)
    {
        var sketched = before.Sketches.Concat(now.Sketches).FirstOrDefault();
        string[] all = [.. before.Names.Union(now.Names)];
        string[] names = [.. (request.Features is [] ? all : [.. request.Features]).Except(request.Ignore)];
        foreach (string name in names.Concat(request.Ignore))
        {
            if (!all.Contains(name))
                throw new BadDataException($"there is no column '{name}'. The columns are '{string.Join("', '", all.Take(30))}'.");
            foreach (var side in names.Contains(name) ? new[] { before, now } : [])
                side.Require(name);
        }
        if (names.Length == 0)
            throw new UsageException("no column is left to compare.");
        if (sketched.Sketch is null)
        {
            DataScan?[] scans = [Scan(before, names, request.Categorical), Scan(now, names, request.Categorical)];
            return [.. names.Select(name => new SketchColumn(name, scans[1] is { } other
                ? DriftCommand.IsLevels(scans[0]![name], other[name], scans[0]!, other)
                : scans[0]![name].IsLevels && scans[0]![name].Missing < scans[0]!.Rows))];
        }
        var columns = sketched.Sketch.Columns.Where(column => names.Contains(column.Name)).ToArray();
        if (columns.FirstOrDefault(column => !column.IsLevels && request.Categorical.Contains(column.Name)) is { } number)
            throw new UsageException($"--categorical {number.Name}: {sketched.File} was made with numbers there.");
        return columns;
    }

    private DataScan? Scan(Side side, string[] names, IReadOnlyList<string> categorical) => side.IsEmpty ? null : DataScan.Of(
        side.Files,
        [.. names.Select(name => new ColumnUse(name, categorical.Contains(name) ? CellKind.Level : CellKind.Guess))],
        rows =>
        {
            stop.ThrowIfCancellationRequested();
            terminal.Progress($"checking: {rows} rows");
        },
        keepsMissing: true);

    private TableSketch Sketch(MLContext ml, Side side, SketchColumn[] columns, DriftRequest request)
    {
        var kept = new TableSketchOptions { SampleRows = request.Sample, Seed = request.Seed ?? 1 };
        if (side.Sketches.Count > 0)
            kept = side.Sketches[0].Sketch.Options;
        ViewColumn[] view = [.. columns.Select(column => column.IsLevels ? ViewColumn.Text(column.Name, []) : ViewColumn.Number(column.Name))];
        var whole = side.Sketches.Select(one => one.Sketch).Aggregate((TableSketch?)null, Merge);
        var gate = new Lock();
        Parallel.ForEach(side.Files, new ParallelOptions { CancellationToken = stop }, file =>
        {
            var sketch = ml.Data.CreateDriftSketch(
                new CsvDataView(file, view, omitMissing: false), file.Path, new() { Sketch = kept }, new() { Cancellation = stop });
            lock (gate)
            {
                whole = Merge(whole, sketch);
                terminal.Progress($"sketched: {whole.Rows} rows");
            }
        });
        return whole!;

        TableSketch Merge(TableSketch? one, TableSketch other)
        {
            try
            {
                return one?.Merge(other, request.AllowDuplicates) ?? other;
            }
            catch (ArgumentException e)
            {
                throw new BadDataException(e.Message.Replace("allow duplicates", "use --allow-duplicates", StringComparison.Ordinal), e);
            }
        }
    }
}
