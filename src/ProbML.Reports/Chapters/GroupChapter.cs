using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;

namespace ProbML.Reports.Chapters;

/// <summary>How groups differ: variance components, and each group's own coefficients.</summary>
internal sealed class GroupChapter : IChapter
{
    private const double Normal95 = 1.959963984540054;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Pipeline.Model is not HierarchicalModel model)
            yield break;
        var plots = new List<ReportPlot>();
        foreach (var component in model.Components)
        {
            var groups = model.GroupEffects(component.Group);
            for (int k = 0; k < component.Names.Count; k++)
            {
                Coefficient[] all = [.. groups.Select(one => new Coefficient(
                    one.Level, one.Means[k], one.StandardDeviations[k], one.Means[k] - Normal95 * one.StandardDeviations[k], one.Means[k] + Normal95 * one.StandardDeviations[k]))];
                Coefficient[] drawn = [.. CoefficientChapter.Strongest([.. all.Where(one => one.IsDrawn)], subject.Options.MaximumDrawn).OrderByDescending(one => one.Estimate)];
                if (drawn.Length == 0)
                    continue;
                string cut = drawn.Length < all.Length ? $" The {drawn.Length} furthest from zero of {all.Length} groups are drawn." : "";
                plots.Add(ForestPlot.Of(
                    $"groups-{component.Group}-{component.Names[k]}", $"{component.Names[k]} by {component.Group}", "difference from what is common to all, ±1.96 SD",
                    $"{component.Names[k]} of {all.Length} groups of {component.Group}, as differences from what is common to all.{cut}", drawn));
            }
        }
        yield return new(
            "Groups",
            "How groups differ from what is common to all. A group's coefficients lean on the population the more the fewer rows it had.",
            [
                new("Variance components", ["group", "coefficient", "groups", "std. deviation"], model.Components.SelectMany(component =>
                    component.Names.Select((name, k) => (IReadOnlyList<string>)
                        [component.Group, name, Text.Count(component.Groups), Text.Number(component.StandardDeviations[k])]))),
            ],
            plots);
    }
}
