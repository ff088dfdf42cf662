using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>Sets out the searches for the ends of all intervals and lets them share the passes over the rows.</summary>
internal sealed class GlmProfiler(Design design, GlmModel model, TrainingMonitor monitor)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public GlmProfileIntervals Intervals(double level)
    {
        var statistics = model.Statistics;
        bool withTheta = statistics.ThetaStandardError is not null;
        var origin = GlmInference.Point(model);
        var penalty = new Penalty(model.Options, origin.Transform);
        var objective = new ProfiledLikelihood(design, origin, penalty, withTheta, model.Options.NumberOfThreads, monitor);
        double dispersion = statistics.Dispersion;
        double cutoff = GlmInference.Quantile(model, level) * Math.Sqrt(dispersion);
        double[] x = withTheta ? [.. origin.Coefficients, Math.Log(origin.Theta)] : origin.Coefficients;
        var kind = Information.Observed;
        var at = objective.Evaluate([new ProfileQuery(x, kind)])[0];
        bool isTop = statistics.Status != GlmStatus.Separated && at is not null;
        double top = at?.Value ?? -statistics.Objective;
        if (!isTop)
            (x, at) = AwayFromTheEdge(objective, origin, withTheta, x, at);

        var directions = GlmInference.Directions(model);
        double[]?[] all = withTheta
            ? [.. directions.Select(c => c is null ? null : (double[])[.. c, 0]), [.. new double[x.Length - 1], 1]]
            : directions;
        var ends = Ends(objective, all, cutoff, dispersion, top, kind, x, at!, isTop);
        var theta = !withTheta ? null : new ProfileInterval(
            "theta", statistics.Theta!.Value, Math.Exp(ends[^1].Lower), Math.Exp(ends[^1].Upper));
        return new GlmProfileIntervals(level, Name(ends), theta, objective.Passes);
    }

    /// <summary>The ends of the intervals of cᵀx for each direction c; NaN for a null one.</summary>
    internal (double Lower, double Upper)[] Ends(
        IProfiled objective, double[]?[] directions, double cutoff, double dispersion, double top, Information kind, double[] x,
        LocalQuadratic at, bool isTop)
    {
        var searches = directions.Select(c => c is null || !double.IsFinite(cutoff)
            ? null
            : new[] { -1, 1 }.Select(side => new ProfileSearch(c, side, cutoff, dispersion, top, kind, x, at, isTop)).ToArray())
            .ToList();
        Run(objective, [.. searches.OfType<ProfileSearch[]>().SelectMany(pair => pair)]);
        return [.. searches.Select(pair => (pair?[0].Limit ?? double.NaN, pair?[1].Limit ?? double.NaN))];
    }

    /// <summary>The model's coefficients with their intervals.</summary>
    internal IReadOnlyList<ProfileInterval> Name((double Lower, double Upper)[] ends) =>
        [.. model.Coefficients.Select((c, j) => new ProfileInterval(c.Name, c.Estimate, ends[j].Lower, ends[j].Upper))];

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
            monitor.Report(new TrainingProgress(
                "Profile", round, open.Count, round * model.Statistics.Rows, watch.Elapsed));
        }
    }

    /// <summary>
    /// A separated fit ends where the likelihood is flat. Searches start from a posterior mode under normal priors of variance
    /// 2 in standardised coordinates instead.
    /// </summary>
    private (double[] X, LocalQuadratic At) AwayFromTheEdge(
        ProfiledLikelihood objective, GlmPoint origin, bool withTheta, double[] x, LocalQuadratic? at)
    {
        var ridge = new double[origin.Transform.Width];
        Array.Fill(ridge, 0.5, origin.Transform.Intercept ? 1 : 0, origin.Transform.Columns.Length);
        var penalty = new Penalty(ridge);
        var options = new GlmOptions { NumberOfThreads = model.Options.NumberOfThreads, Tolerance = 1e-4 };
        var iteration = new GlmIteration(design, options, withTheta, newtonDiffers: false, monitor, watch);
        foreach (double share in (double[])[0, 0.5])
        {
            var from = origin with { Coefficients = [.. origin.Coefficients.Select(b => share * b)] };
            var there = iteration.Evaluate(from, Information.Expected);
            if (!double.IsFinite(iteration.Objective(there, from, penalty)))
                continue;
            var mode = iteration.Run(from, there, penalty, model.Statistics.Rows).Point;
            double[] y = withTheta ? [.. mode.Coefficients, Math.Log(mode.Theta)] : mode.Coefficients;
            if (objective.Evaluate([new ProfileQuery(y, Information.Observed)])[0] is { } found)
                return (y, found);
        }
        return (x, at ?? throw new InvalidOperationException(
            "The likelihood cannot be evaluated at the model's coefficients. Give the design that the model was fitted to."));
    }
}
