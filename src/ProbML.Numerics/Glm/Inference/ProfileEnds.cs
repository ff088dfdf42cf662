using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>Sets out the searches for the ends of all intervals and lets them share the passes over the rows.</summary>
/// <param name="rows">The rows of a pass, for progress.</param>
/// <param name="monitor">Told of each round.</param>
/// <param name="watch">Started with the search.</param>
internal sealed class ProfileEnds(long rows, TrainingMonitor monitor, Stopwatch watch)
{
    /// <summary>The ends of the intervals of cᵀx for each direction c; NaN for a null one.</summary>
    /// <param name="objective">l.</param>
    /// <param name="directions">c of each interval.</param>
    /// <param name="cutoff">How far the signed root of the profile may go, at unit dispersion; NaN: no interval.</param>
    /// <param name="dispersion">What a difference of l is measured in.</param>
    /// <param name="top">The largest l.</param>
    /// <param name="kind">Which information Newton's method takes.</param>
    /// <param name="start">Where the searches start, and what is known there.</param>
    public (double Lower, double Upper)[] Find(
        IProfiled objective, double[]?[] directions, double cutoff, double dispersion, double top, Information kind,
        ProfileStart start)
    {
        var searches = directions.Select(c => c is null || !double.IsFinite(cutoff)
            ? null
            : new[] { -1, 1 }.Select(side => new ProfileSearch(
                c, side, cutoff, dispersion, top, kind, start.Parameters, start.At, start.IsTop)).ToArray()).ToList();
        Run(objective, [.. searches.OfType<ProfileSearch[]>().SelectMany(pair => pair)]);
        return [.. searches.Select(pair => (pair?[0].Limit ?? double.NaN, pair?[1].Limit ?? double.NaN))];
    }

    /// <summary>A model's coefficients with their intervals.</summary>
    public static IReadOnlyList<ProfileInterval> Name(
        IReadOnlyList<GlmCoefficient> coefficients, (double Lower, double Upper)[] ends) =>
        [.. coefficients.Select((c, j) => new ProfileInterval(c.Name, c.Estimate, ends[j].Lower, ends[j].Upper))];

    /// <summary>Lets the searches that go on evaluate their points together until none does.</summary>
    private void Run(IProfiled objective, List<ProfileSearch> searches)
    {
        for (int round = 1; ; round++)
        {
            var open = searches.Where(s => !s.IsDone).ToList();
            if (open.Count == 0)
                return;
            var found = objective.Evaluate([.. open.Select(s => s.Query)]);
            for (int k = 0; k < open.Count; k++)
                open[k].Observe(found[k]);
            monitor.Report(new TrainingProgress("Profile", round, open.Count, round * rows, watch.Elapsed));
        }
    }
}

/// <summary>Where searches start.</summary>
/// <param name="Parameters">x.</param>
/// <param name="At">The quadratic there.</param>
/// <param name="IsTop">Whether x is where l is largest.</param>
internal sealed record ProfileStart(double[] Parameters, LocalQuadratic At, bool IsTop);
