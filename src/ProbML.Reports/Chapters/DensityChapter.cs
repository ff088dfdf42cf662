using ProbML.Flows;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>The density that a flow has learned.</summary>
internal sealed class DensityChapter : IChapter
{
    private const int Side = 96, Draws = 4000, MostColumns = 6, MostPoints = 300;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if ((subject.Pipeline.Model as FlowModel ?? (subject.Pipeline.Model as FlowAnomalyModel)?.Flow) is not { } flow)
            yield break;
        double[][] rows = [.. (subject.Rows as PlainRows)?.Sample.Select(row => row.Features).Where(row => row.Length == flow.FeatureCount) ?? []];
        double[][] drawn = [.. flow.Sample(Draws, new Random(subject.Options.Seed)).Chunk(flow.FeatureCount)];
        var plots = new List<ReportPlot>();
        if (flow.FeatureCount == 2)
            plots.Add(Plane(flow, rows, drawn));
        plots.AddRange(Marginals(flow.FeatureNames, drawn, rows, subject.Options));
        string text = "The density that the flow has learned, and new rows drawn from it"
            + (rows.Length > 0 ? " beside those of the data: where they differ the flow has not learned the data's distribution." : ".");
        yield return new("Density", text, rows.Length == 0 || LogDensities(flow, rows) is not { Length: > 0 } logs ? [] :
        [
            new("Log density of the rows", ["", "nats"],
            [
                ["mean", Text.Number(logs.Average())], ["median", Text.Number(ChainDiagnostics.Quantile(logs, 0.5))],
                ["1 % quantile", Text.Number(ChainDiagnostics.Quantile(logs, 0.01))], ["smallest", Text.Number(logs[0])],
            ]),
        ], plots);
    }

    /// <summary>Columns of new rows beside those of the data.</summary>
    internal static IEnumerable<ReportPlot> Marginals(IReadOnlyList<string> names, double[][] drawn, double[][] rows, ReportOptions options)
    {
        for (int j = 0; j < Math.Min(names.Count, Math.Min(MostColumns, options.MaximumDrawn)); j++)
        {
            double[] ours = [.. drawn.Select(row => row[j]).Where(double.IsFinite)], theirs = [.. rows.Select(row => row[j]).Where(double.IsFinite)];
            if (ours.Length < 2)
                continue;
            yield return PicturePlots.Overlay(
                $"column-{names[j]}", $"{Text.Short(names[j], 40)}", $"The distribution of {names[j]} among {Text.Count(ours.Length)} new rows"
                    + (theirs.Length > 1 ? $" (line) and {Text.Count(theirs.Length)} rows of the data (grey)." : "."),
                names[j], ("new rows", ours), theirs.Length > 1 ? ("data", theirs) : null);
        }
    }

    private static ReportPlot Plane(FlowModel flow, double[][] rows, double[][] drawn)
    {
        double[][] seen = rows.Length > 10 ? rows : drawn;
        var (left, right) = Range(seen, 0);
        var (bottom, top) = Range(seen, 1);
        double[][] cells = [.. Enumerable.Range(0, Side * Side).Select(k => new[]
        {
            left + (k % Side + 0.5) * (right - left) / Side, top - (k / Side + 0.5) * (top - bottom) / Side,
        })];
        double[] logs = Score(flow, cells);
        var density = new double[Side, Side];
        for (int k = 0; k < logs.Length; k++)
            density[k / Side, k % Side] = double.IsNaN(logs[k]) ? 0 : Math.Exp(logs[k]);
        string names = $"{flow.FeatureNames[0]} and {flow.FeatureNames[1]}";
        var points = rows.Where(row => row[0] > left && row[0] < right && row[1] > bottom && row[1] < top).Take(MostPoints).Select(row => (row[0], row[1])).ToArray();
        return PicturePlots.Density(
            "density", "Density", $"The density over {names}, brightest where it is highest{(points.Length > 0 ? $"; {points.Length} rows of the data as white points" : "")}.",
            (flow.FeatureNames[0], flow.FeatureNames[1]), (left, right, bottom, top), density, points);
    }

    private static double[] LogDensities(FlowModel flow, double[][] rows) => [.. Score(flow, rows).Where(double.IsFinite).Order()];

    private static double[] Score(FlowModel flow, double[][] rows)
    {
        var asked = flow.With(parts => parts with { Columns = FlowColumns.LogDensity });
        int width = asked.Outputs.Sum(output => output.Width), at = asked.Outputs.TakeWhile(output => output.Name != ColumnNames.LogDensity).Sum(output => output.Width);
        float[] outputs = new float[rows.Length * width];
        for (int start = 0; start < rows.Length; start += asked.BlockSize)
        {
            int count = Math.Min(asked.BlockSize, rows.Length - start);
            asked.Score(
                new RowBlock(count, flow.FeatureCount, rows.AsSpan(start, count).ToArray().SelectMany(row => row).ToArray()),
                new OutputBlock(outputs.AsSpan(start * width, count * width), width));
        }
        return [.. Enumerable.Range(0, rows.Length).Select(i => (double)outputs[i * width + at])];
    }

    private static (double Low, double High) Range(double[][] rows, int j)
    {
        double[] sorted = [.. rows.Select(row => row[j]).Where(double.IsFinite).Order()];
        double low = ChainDiagnostics.Quantile(sorted, 0.005), high = ChainDiagnostics.Quantile(sorted, 0.995), edge = Math.Max(1e-9, 0.12 * (high - low));
        return (low - edge, high + edge);
    }
}
