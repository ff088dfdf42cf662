using System.Diagnostics;
using System.Numerics.Tensors;
using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>
/// Firth's bias-reduced fit of two classes or counts: maximises l(β) + ½ ln |XᵀWX|, the posterior mode under Jeffreys' prior,
/// which is finite where classes are separated and does not depend on the coordinates of the features.
/// </summary>
/// <remarks>
/// Firth (1993), Biometrika 80; Heinze &amp; Schemper (2002) for separation and profile intervals; Kosmidis &amp; Firth (2021),
/// Biometrika 108, for links other than the logit: there the estimates are finite too, though they are no longer those that
/// remove the first order of the bias. Fisher scoring with step halving, two passes over the rows an iteration.
/// </remarks>
public static class GlmFirth
{
    private const int MaximumHalvings = 40;

    /// <summary>Fits; standard errors are those of the expected information at the estimates, as R's logistf and brglm2.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="options">The model: a family of known dispersion (null: Bernoulli), any link, no penalty.</param>
    /// <param name="monitor">Told of each iteration; null: none.</param>
    /// <exception cref="ArgumentException">The options have a penalty, or a family whose dispersion or θ is estimated.</exception>
    /// <exception cref="InvalidOperationException">The data do not allow a fit; the message names column and row.</exception>
    public static GlmModel Fit(Design design, GlmOptions? options = null, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        var told = monitor ?? TrainingMonitor.None;
        options ??= new GlmOptions();
        options.Validate();
        var family = options.Family ?? Families.Bernoulli;
        if (options.IsPenalised || family.EstimatesDispersion || family is NegativeBinomialFamily { Theta: null })
            throw new ArgumentException(
                "Jeffreys' prior takes no other penalty, and a family without unknown parameters besides the coefficients: "
                + "Bernoulli, Poisson, or the negative binomial with theta given.", nameof(options));
        var link = options.Link ?? family.CanonicalLink;
        options = options with { Family = family, Link = link };
        var moments = design.Sum(() => new ResponseMoments(design.FeatureCount, family), told, options.NumberOfThreads);
        ResponseChecks.Check(moments, design, family);
        var watch = Stopwatch.StartNew();
        var iteration = new GlmIteration(design, options, false, newtonDiffers: true, told, watch);
        var start = new GlmStart(iteration, options, moments);
        var (point, _) = start.Find(family, link);
        var (mode, iterations, converged) = Maximise(
            new JeffreysLikelihood(design, point, options.NumberOfThreads, told), point.Coefficients, options, moments.Rows, told, watch);
        point = point with { Coefficients = mode };
        var at = iteration.Evaluate(point, Information.Expected);
        var estimate = new GlmEstimate(
            point,
            new Penalty(options, point.Transform),
            at,
            0.5 * at.Deviance,
            iterations,
            converged ? GlmStatus.Converged : GlmStatus.NotConverged,
            -1);
        if (!converged)
            told.Warning?.Invoke($"The Firth fit did not converge in {iterations} iterations. Raise MaximumIterations.");
        var task = family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        return new GlmSummary(design, options, moments, estimate, false, newtonDiffers: false, told)
            .Build(task, Aliasing.Describe(start, design.FeatureNames));
    }

    /// <summary>Profile intervals of l + ½ ln |XᵀWX|, the other coefficients maximised again.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">A model that <see cref="Fit"/> gave.</param>
    /// <param name="level">The level, in (0, 1); null: the model's.</param>
    /// <param name="monitor">Told of each round; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features, or the model is not Firth's.</exception>
    public static GlmProfileIntervals Intervals(
        Design design, GlmModel model, double? level = null, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        double wanted = GlmInference.Level(model, level);
        var told = monitor ?? TrainingMonitor.None;
        var point = GlmInference.Point(model);
        var objective = new JeffreysLikelihood(design, point, model.Options.NumberOfThreads, told);
        var query = new ProfileQuery(point.Coefficients, Information.Expected);
        var at = objective.Evaluate([query])[0];
        if (at is null || !(Decrement(at, Step(at)) < 1e-6))
            throw new ArgumentException(
                "The model is not at the mode of Jeffreys' posterior. Fit it by GlmFirth.Fit to the same rows.", nameof(model));
        var ends = new ProfileEnds(model.Statistics.Rows, told, Stopwatch.StartNew()).Find(
            objective, GlmInference.Directions(model), NormalDistribution.Quantile(0.5 + wanted / 2), 1, at.Value,
            Information.Expected, new ProfileStart(point.Coefficients, at, true));
        return new GlmProfileIntervals(wanted, ProfileEnds.Name(model.Coefficients, ends), null, objective.Passes);
    }

    private static (double[] Mode, int Iterations, bool Converged) Maximise(
        JeffreysLikelihood objective, double[] b, GlmOptions options, long rows, TrainingMonitor monitor, Stopwatch watch)
    {
        int most = Math.Max(1_000, options.MaximumIterations);
        var at = objective.Evaluate([new ProfileQuery(b, Information.Expected)])[0]
            ?? throw new InvalidOperationException("The information matrix is singular at the start of the fit.");
        for (int iteration = 1; iteration <= most; iteration++)
        {
            double[] step = Step(at);
            if (Decrement(at, step) <= options.Tolerance)
                return (b, iteration, true);
            LocalQuadratic? there = null;
            var moved = new double[b.Length];
            double share = 1;
            for (int halving = 0; halving < MaximumHalvings; halving++, share /= 2)
            {
                TensorPrimitives.MultiplyAdd(step, share, b, moved);
                there = objective.Evaluate([new ProfileQuery([.. moved], Information.Expected)])[0];
                if (there is not null && there.Value >= at.Value - 1e-12 * (Math.Abs(at.Value) + 0.1))
                    break;
                there = null;
            }
            if (there is null)
                return (b, iteration, Decrement(at, step) < 1e-6);
            (b, at) = (moved, there);
            monitor.Report(new TrainingProgress("Firth", iteration, -at.Value, 2 * iteration * rows, watch.Elapsed));
        }
        return (b, most, false);
    }

    private static double[] Step(LocalQuadratic at)
    {
        double[] a = [.. at.Information], step = [.. at.Gradient];
        Cholesky.TryFactor(a, step.Length, step.Length, out _);
        Cholesky.Solve(a, step.Length, step.Length, step);
        return step;
    }

    private static double Decrement(LocalQuadratic at, double[] step) =>
        Math.Sqrt(Math.Max(0, TensorPrimitives.Dot<double>(at.Gradient, step)));
}
