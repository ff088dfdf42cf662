using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary><c>probml predict</c>: a row of predictions for each row of a file.</summary>
internal sealed class PredictCommand(Terminal terminal, CancellationToken stop)
{
    public int Run(PredictRequest request)
    {
        var model = ModelFile.Read(new MLContext(), request.Model);
        using var output = ReplacedFile.Create(request.Out, request.Data, request.Model);
        var file = CsvFile.Open(request.Data);
        var plan = new ScoringPlan(model, file, request.UnseenIsMissing);
        plan.Check(rows => Progress("checking", rows));
        string consequence = model.Final.HasMarginals ? "have a MarginalLogDensity alone"
            : model.Final.TakesMissing ? "are encoded by what is left of them"
            : "get no prediction";
        if (plan.Note(consequence) is string note)
            terminal.Warn(note);

        var scorer = new Scorer(plan, request.Level);
        char delimiter = Path.GetExtension(request.Out).ToUpperInvariant() is ".TSV" or ".TAB" ? '\t' : ',';
        using var input = request.Keep ? file.Read() : null;
        try
        {
            using var text = new StreamWriter(output.Stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            var writer = new PredictionWriter(text, delimiter, scorer, plan, input);
            long done = 0;
            scorer.Run(withLabel: false, Receive, stop);

            void Receive(in RowBlock rows, ReadOnlySpan<float> outputs, int width)
            {
                writer.Write(rows, outputs, width);
                Progress("scoring", done += rows.Count);
            }
        }
        catch (IOException e)
        {
            throw new BadDataException($"{request.Out} cannot be written: {e.Message}", e);
        }
        output.Commit();
        terminal.ClearProgress();
        return 0;
    }

    private void Progress(string what, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows:N0} rows"));
    }
}
