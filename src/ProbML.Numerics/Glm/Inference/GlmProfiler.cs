using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>The profile-likelihood intervals of a generalized linear model.</summary>
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
        double cutoff = GlmCoefficientTable.Quantile(
            model.IsDispersionKnown, statistics.ResidualDegreesOfFreedom, level) * Math.Sqrt(dispersion);
        double[] x = withTheta ? [.. origin.Coefficients, Math.Log(origin.Theta)] : origin.Coefficients;
        var kind = Information.Observed;
        var at = objective.Evaluate([new ProfileQuery(x, kind)])[0];
        bool isTop = statistics.Status != GlmStatus.Separated && at is not null;
        double top = at?.Value ?? -statistics.Objective;
        var start = isTop ? new ProfileStart(x, at!, true) : AwayFromTheEdge(objective, origin, withTheta, x, at);

        var directions = GlmInference.Directions(model);
        double[]?[] all = withTheta
            ? [.. directions.Select(c => c is null ? null : (double[])[.. c, 0]), [.. new double[x.Length - 1], 1]]
            : directions;
        var ends = new ProfileEnds(statistics.Rows, monitor, watch).Find(objective, all, cutoff, dispersion, top, kind, start);
        var theta = !withTheta ? null : new ProfileInterval(
            "theta", statistics.Theta!.Value, Math.Exp(ends[^1].Lower), Math.Exp(ends[^1].Upper));
        return new GlmProfileIntervals(level, ProfileEnds.Name(model.Coefficients, ends), theta, objective.Passes);
    }

    /// <summary>
    /// A separated fit ends where the likelihood is flat. Searches start from a posterior mode under normal priors of variance
    /// 2 in standardised coordinates instead.
    /// </summary>
    private ProfileStart AwayFromTheEdge(
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
                return new ProfileStart(y, found, false);
        }
        return new ProfileStart(x, at ?? throw new InvalidOperationException(
            "The likelihood cannot be evaluated at the model's coefficients. Give the design that the model was fitted to."), false);
    }
}
