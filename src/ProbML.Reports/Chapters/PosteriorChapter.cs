using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;

namespace ProbML.Reports.Chapters;

/// <summary>Posterior densities, and the chains they come from.</summary>
internal sealed class PosteriorChapter : IChapter
{
    private const int MostDrawn = 6;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        var all = PosteriorDraws.Of(subject.Pipeline.Model);
        if (all.Count == 0 || !subject.Pipeline.Known!.IsBayesian)
            yield break;
        bool hasChains = all.Any(one => one.Chains.Length > 0);
        // Chains that agree least are looked at first; without chains the coefficients that stand out.
        var drawn = all.OrderByDescending(one => one.Parameter.RHat ?? Math.Abs(one.Parameter.Mean / one.Parameter.StandardDeviation)).Take(MostDrawn).ToArray();
        string interval = $"{Text.Percent(subject.Pipeline.Known.Level ?? 0.95)} interval";
        string which = drawn.Length == all.Count ? "" : hasChains
            ? $" The {drawn.Length} of {all.Count} parameters whose chains agree least are drawn."
            : $" The {drawn.Length} of {all.Count} parameters furthest from zero are drawn.";
        string text = hasChains
            ? "What the draws say of each parameter. Chains should look alike and wander about one level; R-hat should be at most 1.01 and effective sizes 400 or more."
            : "The posterior of each parameter, a normal distribution.";
        yield return new(
            "Posterior", text + which, hasChains ? [Table(all)] : [],
            [.. drawn.SelectMany(one => Plots(one, interval))]);
    }

    private static IEnumerable<ReportPlot> Plots(PosteriorDraws one, string interval)
    {
        var c = one.Parameter;
        string text = $"Mean {Text.Number(c.Mean)} (red), {interval} from {Text.Number(c.LowerBound)} to {Text.Number(c.UpperBound)} (shaded).";
        if (one.Chains.Length == 0)
        {
            yield return PosteriorPlots.Normal(c.Name, c.Mean, c.StandardDeviation, c.LowerBound, c.UpperBound, text);
            yield break;
        }
        yield return PosteriorPlots.Draws(c.Name, [.. one.Chains.SelectMany(chain => chain)], c.LowerBound, c.UpperBound, c.Mean, text);
        yield return PosteriorPlots.Trace(
            c.Name, one.Chains,
            $"{one.Chains.Length} chains of {Text.Count(one.Chains[0].Length)} draws: R-hat {Text.Number(Math.Round(c.RHat ?? double.NaN, 4))}, bulk effective size {c.BulkEffectiveSize:F0}.");
    }

    private static ReportTable Table(IReadOnlyList<PosteriorDraws> all) => new(
        "Draws", ["", "mean", "std. deviation", "median", "R-hat", "bulk effective size", "tail effective size"], all.Select(one => (IReadOnlyList<string>)
        [
            one.Parameter.Name, Text.Number(one.Parameter.Mean), Text.Number(one.Parameter.StandardDeviation), Text.Number(one.Parameter.Median),
            Text.Number(Math.Round(one.Parameter.RHat ?? double.NaN, 4)), $"{one.Parameter.BulkEffectiveSize:F0}", $"{one.Parameter.TailEffectiveSize:F0}",
        ]));
}
