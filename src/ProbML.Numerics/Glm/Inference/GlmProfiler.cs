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
        double dispersion = model.Family.EstimatesDispersion ? statistics.Dispersion : 1;
        double cutoff = GlmInference.Quantile(model, level) * Math.Sqrt(dispersion);
        double[] x = withTheta ? [.. origin.Coefficients, Math.Log(origin.Theta)] : origin.Coefficients;
        var kind = Information.Observed;
        var at = objective.Evaluate([new ProfileQuery(x, kind)])[0];
        bool isTop = statistics.Status != GlmStatus.Separated && at is not null;
        double top = at?.Value ?? -statistics.Objective;
        if (!isTop)
            (x, at) = AwayFromTheEdge(objective, origin, withTheta, x, at);

        var directions = GlmInference.Directions(model);
        var searches = directions
            .Select(c => c is null ? [] : Pair(withTheta ? [.. c, 0] : c))
            .ToList();
        if (withTheta)
            searches.Add(Pair([.. new double[x.Length - 1], 1]));
        Run(objective, [.. searches.SelectMany(pair => pair)]);

        var intervals = directions.Select((_, j) => searches[j].Length == 0
            ? new ProfileInterval(model.Coefficients[j].Name, double.NaN, double.NaN, double.NaN)
            : new ProfileInterval(
                model.Coefficients[j].Name, model.Coefficients[j].Estimate, searches[j][0].Limit, searches[j][1].Limit));
        var theta = !withTheta ? null : new ProfileInterval(
            "theta", statistics.Theta!.Value, Math.Exp(searches[^1][0].Limit), Math.Exp(searches[^1][1].Limit));
        return new GlmProfileIntervals(level, [.. intervals], theta, objective.Passes);

        ProfileSearch[] Pair(double[] direction) => !double.IsFinite(cutoff)
            ? []
            : [.. new[] { -1, 1 }.Select(side => new ProfileSearch(
                direction, side, cutoff, dispersion, top, kind, x, at!, isTop))];
    }

    /// <summary>Lets the searches that go on evaluate their points together until none does.</summary>
    internal void Run(IProfiled objective, List<ProfileSearch> searches)
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
