using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.Reports;

namespace ProbML.Cli;

/// <summary>What <c>probml report</c> was asked for.</summary>
internal sealed record ReportRequest(
    string Model, string? Data, string Out, string? Png, string? Title, IReadOnlyList<string> Along, bool UnseenIsMissing, int Seed, bool Json);

/// <summary><c>probml report</c>: a model as a page of tables and plots.</summary>
internal sealed class ReportCommand(Terminal terminal, CancellationToken stop)
{
    public int Run(ReportRequest request)
    {
        var model = ModelFile.Read(new MLContext(request.Seed), request.Model);
        string[] inputs = request.Data is null ? [request.Model] : [request.Model, request.Data];
        using var output = ReplacedFile.Create(request.Out, inputs);
        terminal.IsQuiet = request.Json;
        if (request.Png is { } folder && File.Exists(folder))
            throw new UsageException($"--png {folder} is a file: name a folder.");
        var (data, weight) = request.Data is null ? (null, null) : Rows(model, request);
        ModelReport report;
        try
        {
            report = model.Pipeline.CreateReport(data, new()
            {
                Title = request.Title,
                LabelColumnName = data is not null && model.Final.HasLabel ? model.Final.Roles.Label : null,
                ExampleWeightColumnName = weight,
                Features = request.Along is [] ? null : request.Along,
                Seed = request.Seed,
                Cancellation = stop,
                Progress = new RowProgress(rows => Progress("scoring", rows)),
            });
        }
        catch (ArgumentException e)
        {
            throw new BadDataException(e.Message, e);
        }
        byte[] page = Encoding.UTF8.GetBytes(report.ToHtml());
        output.Stream.Write(page);
        if (request.Png is not null)
            report.SavePlots(request.Png);
        output.Commit();
        terminal.ClearProgress();
        if (request.Json)
            terminal.Print(Describe(request, report, page.Length));
        return 0;
    }

    private (IDataView Data, string? Weight) Rows(ModelFile model, ReportRequest request)
    {
        var plan = new ScoringPlan(model, CsvFile.Open(request.Data!), request.UnseenIsMissing);
        if (model.Final.HasLabel)
            plan.WithLabel();
        plan.Check(rows => Progress("checking", rows));
        if (plan.IncompleteRows == plan.Rows && !model.Final.TakesMissing)
            throw new BadDataException($"no row of {plan.File.Name} has all that is needed: every one lacks a value.");
        if (plan.Note("are left out") is string note)
            terminal.Warn(note);
        return (plan.View(omitMissing: !model.Final.TakesMissing), plan.Weight);
    }

    private static JsonObject Describe(ReportRequest request, ModelReport report, int bytes) => new()
    {
        ["file"] = request.Out,
        ["bytes"] = bytes,
        ["title"] = report.Title,
        ["sections"] = new JsonArray([.. report.Sections.Select(section => new JsonObject
        {
            ["title"] = section.Title,
            ["tables"] = new JsonArray([.. section.Tables.Select(table => new JsonObject
            {
                ["title"] = table.Title,
                ["columns"] = Texts(table.Columns),
                ["rows"] = new JsonArray([.. table.Rows.Select(Texts)]),
            })]),
            ["plots"] = new JsonArray([.. section.Plots.Select(plot => new JsonObject
            {
                ["name"] = plot.Name,
                ["title"] = plot.Title,
                ["text"] = plot.AlternativeText,
                ["file"] = request.Png is null ? null : Path.Combine(request.Png, plot.Name + ".png"),
            })]),
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private void Progress(string what, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows:N0} rows"));
    }

    private sealed class RowProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
