using System.Diagnostics;
using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Climbs a stochastic bound batch by batch: natural gradients for q(v), Adam for kernel, likelihood, mean and Z.</summary>
/// <remarks>Hensman, Fusi &amp; Lawrence (2013), §4; Salimbeni, Eleftheriadis &amp; Hensman (2018).</remarks>
internal sealed class StochasticClimb
{
    private const int MostRetreats = 30;
    private const double LastRate = 0.01;                 // of the learning rate, at the end

    private readonly StochasticVariationalInference inference;
    private readonly SparseSearch search;
    private readonly IExpectedLogDensity likelihood;
    private readonly HyperparameterSpace space;
    private readonly InputColumns chosen;
    private readonly int d, parameters, own;
    private readonly double[] x, y, weights, offsets;
    private readonly double scale;

    private StochasticClimb(StochasticVariationalInference inference, SparseSearch search, IExpectedLogDensity likelihood)
    {
        (this.inference, this.search, this.likelihood) = (inference, search, likelihood);
        d = search.Rows.FeatureCount;
        int b = (int)Math.Min(inference.BatchSize, search.RowCount);
        chosen = Choose(inference, search);
        space = search.Space(chosen);
        parameters = search.Likelihood.Count;
        own = space.Count - chosen.Rows * d;
        (x, y, weights, offsets) = (new double[b * d], new double[b], new double[b], new double[b]);
        scale = (double)search.RowCount / b;
    }

    /// <summary>The inducing inputs that it begins with.</summary>
    public static InputColumns Choose(StochasticVariationalInference inference, SparseSearch search) => InducingInputs.Choose(
        search.Sample, inference.InducingInputs, inference.Selection, search.Kernel, search.Random, search.Monitor);

    /// <summary>Climbs as many steps as the inference says.</summary>
    /// <param name="inference">How.</param>
    /// <param name="search">Where it starts, over which rows.</param>
    /// <param name="likelihood">p(y | f), whose free parameters are the search's.</param>
    /// <exception cref="InvalidOperationException">The bound has no value on the way.</exception>
    public static StochasticOptimum Run(
        StochasticVariationalInference inference, SparseSearch search, IExpectedLogDensity likelihood) =>
        new StochasticClimb(inference, search, likelihood).Run();

    private StochasticOptimum Run()
    {
        var watch = Stopwatch.StartNew();
        int b = y.Length;
        using var rows = new ShuffledRows(search.Rows, (int)Math.Max(b, Math.Min(inference.ShuffleRows, search.RowCount)), search.Random);
        double[] free = [.. space.Start], last = free;
        var adam = new Adam(free.Length);
        var q = VariationalNormal.Prior(chosen.Rows, search.Threads);
        double running = double.NaN, slowed = 1;
        int retreats = 0;
        for (int step = 1; step <= inference.Steps; step++)
        {
            rows.Next(x, y, weights, offsets);
            if (Climb(free, q) is not { } climbed)
            {
                // Adam went where there is no value: back, and on with half the rate.
                if (++retreats > MostRetreats || step == 1)
                    throw new InvalidOperationException(
                        $"The covariance of {chosen.Rows} inducing inputs cannot be factorised, or the bound is not finite, at step {step} "
                        + $"under {space.KernelAt(free)}: take fewer inducing inputs, a smaller learning rate, or more jitter.");
                (free, slowed) = ([.. last], 0.5 * slowed);
                continue;
            }
            (q, double bound, double[] gradient) = climbed;
            running = double.IsNaN(running) ? bound : running + 0.05 * (bound - running);
            search.Monitor.Report(new("Stochastic variational", step, -running, (long)step * b, watch.Elapsed)
            {
                Completed = step,
                Total = inference.Steps,
            });
            last = [.. free];
            Move(adam, free, gradient, slowed * Rate(step));
        }
        var inducing = Inducing(free) ?? Inducing(free = last) ?? throw new InvalidOperationException(
            $"The covariance of {chosen.Rows} inducing inputs cannot be factorised under {space.KernelAt(free)}: add jitter.");
        string[] atBound = [.. space.AtBound(free).Where(one => !one.StartsWith("inducing", StringComparison.Ordinal))];
        return new(inducing, Likelihood(free), Mean(free), q, atBound);
    }

    private (VariationalNormal Q, double Bound, double[] Gradient)? Climb(double[] at, VariationalNormal q)
    {
        if (Inducing(at) is not { } inducing)
            return null;
        var now = Likelihood(at);
        var batch = new VariationalBatch(
            inducing, InputColumns.FromRows(x, d), y, weights, Mean(at), scale, search.Threads, offsets);
        var moved = batch.Step(now, q, inference.NaturalStep);
        var (bound, by) = batch.Gradient(now, moved);
        double[] gradient = [.. by.Kernel, .. by.Likelihood, by.MeanConstant, .. by.Inducing];
        bound += space.LogPrior(at, gradient);
        return double.IsFinite(bound) && Array.TrueForAll(gradient, double.IsFinite) ? (moved, bound, gradient) : null;
    }

    private void Move(Adam adam, double[] at, double[] gradient, double rate)
    {
        for (int k = 0; k < gradient.Length; k++)
            gradient[k] = k >= own && !inference.LearnInducingInputs ? 0 : -gradient[k];
        adam.Step(at, gradient, rate);
        for (int k = 0; k < at.Length; k++)
            at[k] = Math.Clamp(at[k], space.Lower[k], space.Upper[k]);
    }

    private double Rate(int step)
    {
        double done = (double)step / inference.Steps;
        return inference.LearningRate * (done <= 0.5 ? 1 : Math.Pow(LastRate, 2 * done - 1));
    }

    private InducingCovariance? Inducing(double[] free) => InducingCovariance.TryCreate(
        space.KernelAt(free), InputColumns.FromRows(free.AsSpan(own), d), inference.Jitter, search.Threads);

    private IExpectedLogDensity Likelihood(double[] free) =>
        likelihood.With(free.AsSpan(own - 1 - parameters, parameters));

    private double Mean(double[] free) => space.Other(free, parameters);
}

/// <summary>Where a stochastic climb ended.</summary>
/// <param name="Inducing">K_mm, with kernel and Z.</param>
/// <param name="Likelihood">p(y | f).</param>
/// <param name="MeanConstant">m.</param>
/// <param name="Q">q(v) after the last batch.</param>
/// <param name="AtBound">Hyperparameters that ended at a limit.</param>
internal sealed record StochasticOptimum(
    InducingCovariance Inducing, IExpectedLogDensity Likelihood, double MeanConstant, VariationalNormal Q, IReadOnlyList<string> AtBound);
