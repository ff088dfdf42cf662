using ProbML.GaussianProcesses;
using ProbML.Reports.Html;

namespace ProbML.Reports.Chapters;

/// <summary>The hyperparameters of a Gaussian process.</summary>
internal sealed class ProcessChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Pipeline.Model is not GaussianProcessModel model)
            yield break;
        yield return new(
            "Hyperparameters",
            "What maximum marginal likelihood has found. A short length scale means that the function changes quickly along its feature; one far longer than the "
            + "feature's range that it hardly matters.",
            [
                new("Hyperparameters", ["", "value", "in its own unit", "feature"], model.Hyperparameters.Select(one => (IReadOnlyList<string>)
                    [one.Name, Text.Number(one.Value), one.OwnUnit is { } own ? Text.Number(own) : "", one.Feature ?? ""])),
            ]);
    }
}
