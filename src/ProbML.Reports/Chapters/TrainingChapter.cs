using ProbML.Reports.Html;
using ProbML.Reports.Plotting;

namespace ProbML.Reports.Chapters;

/// <summary>How a network was trained.</summary>
internal sealed class TrainingChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Pipeline.Known?.Receipt is not { } receipt)
            yield break;
        var facts = new List<(string, string)>
        {
            ("rows that trained", Text.Count(receipt.Rows)), ("rows that measured", Text.Count(receipt.ValidationRows)),
            ("parameters", Text.Count(receipt.Parameters)), ("steps", Text.Count(receipt.Steps)), ("epochs", Text.Count(receipt.Epochs.Count)),
            ("epoch whose weights it has", Text.Count(receipt.BestEpoch)), ("ended", $"{receipt.Ending}"), ("device", receipt.Device), ("seed", $"{receipt.Seed}"),
            ("SHA-256 of the rows", receipt.DataHash),
        };
        var epochs = receipt.Epochs.Where(epoch => double.IsFinite(epoch.Loss)).ToArray();
        var measured = epochs.Where(epoch => epoch.ValidationLoss is { } loss && double.IsFinite(loss)).ToArray();
        ReportPlot[] plots = epochs.Length < 2 ? [] :
        [
            new(
                "training", "Training", $"The mean loss of each of {epochs.Length} epochs; the weights are those of epoch {receipt.BestEpoch}.", plot =>
                {
                    Sketch.Line(plot, [.. epochs.Select(one => (double)one.Epoch)], [.. epochs.Select(one => one.Loss)], Sketch.Blue, 2, "training rows");
                    if (measured.Length > 1)
                        Sketch.Line(plot, [.. measured.Select(one => (double)one.Epoch)], [.. measured.Select(one => one.ValidationLoss!.Value)], Sketch.Vermilion, 2, "rows that measured");
                    plot.ShowLegend(ScottPlot.Alignment.UpperRight);
                    Sketch.Axes(plot, "epoch", "mean loss");
                }),
        ];
        yield return new(
            "Training", "How the network was trained. A loss of the rows that measured which rises while that of training falls is a sign of overfitting.",
            [new("Training", ["", "value"], facts.Select(fact => (IReadOnlyList<string>)[fact.Item1, fact.Item2]))], plots);
    }
}
