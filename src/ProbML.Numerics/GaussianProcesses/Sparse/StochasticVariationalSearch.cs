using System.Diagnostics;
using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Climbs a stochastic bound batch by batch.</summary>
internal static class StochasticVariationalSearch
{
    private const int MostRetreats = 30;
    private const double LastRate = 0.01;                 // of the learning rate, at the end

    /// <summary>Searches with normal noise.</summary>
    public static SparseOptimum Run(StochasticVariationalInference inference, SparseSearch search)
    {
        var watch = Stopwatch.StartNew();
        int d = search.Rows.FeatureCount, b = (int)Math.Min(inference.BatchSize, search.RowCount);
        var z = InducingInputs.Choose(
            search.Sample, inference.InducingInputs, inference.Selection, search.Kernel, search.Random, search.Monitor);
        var space = search.Space(z);
        var like = new SparseProcess { Kernel = search.Kernel, InducingInputs = z, Jitter = inference.Jitter };
        using var rows = new ShuffledRows(search.Rows, (int)Math.Max(b, Math.Min(inference.ShuffleRows, search.RowCount)), search.Random);
        double[] x = new double[b * d], y = new double[b], w = new double[b];
        double[] free = [.. space.Start], last = free;
        var adam = new Adam(free.Length);
        var q = VariationalNormal.Prior(z.Rows, search.Threads);
        double running = double.NaN, scale = (double)search.RowCount / b, slowed = 1;
        int retreats = 0;
        for (int step = 1; step <= inference.Steps; step++)
        {
            rows.Next(x, y, w);
            if (Climb(free) is not { } climbed)
            {
                // Adam went where there is no value: back, and on with half the rate.
                if (++retreats > MostRetreats || step == 1)
                    throw new InvalidOperationException(
                        $"The covariance of {z.Rows} inducing inputs cannot be factorised, or the bound is not finite, at step {step} under "
                        + $"{space.KernelAt(free)}: take fewer inducing inputs, a smaller learning rate, or more jitter.");
                (free, slowed) = ([.. last], 0.5 * slowed);
                continue;
            }
            (q, double bound, double[] gradient) = climbed;
            running = double.IsNaN(running) ? bound : running + 0.05 * (bound - running);
            search.Monitor.Report(new("Stochastic variational", step, -running, (long)step * b, watch.Elapsed));
            last = [.. free];
            Move(free, gradient, slowed * Rate(step, inference));
        }
        var process = SparseSearch.At(space, free, like, learnt: true);
        if (InducingCovariance.TryCreate(process.Kernel, process.InducingInputs, process.Jitter, search.Threads) is null)
            process = SparseSearch.At(space, free = last, like, learnt: true);
        var posterior = SparsePosterior.Condition(process, search.Rows, search.Monitor, search.Threads);
        return new(
            process, posterior.ToLatentPosterior(), posterior.LogLikelihood, [posterior.LogLikelihood], true, inference.Steps,
            space.AtBound(free));

        (VariationalNormal Q, double Bound, double[] Gradient)? Climb(double[] at)
        {
            var process = SparseSearch.At(space, at, like, learnt: true);
            var inducing = InducingCovariance.TryCreate(process.Kernel, process.InducingInputs, process.Jitter, search.Threads);
            if (inducing is null)
                return null;
            var likelihood = new GaussianLogDensity(process.NoiseVariance);
            var batch = new VariationalBatch(inducing, InputColumns.FromRows(x, d), y, w, process.MeanConstant, scale, search.Threads);
            var moved = batch.Step(likelihood, q, inference.NaturalStep);
            var (bound, by) = batch.Gradient(likelihood, moved);
            double[] gradient = [.. by.Kernel, .. by.Likelihood, by.MeanConstant, .. by.Inducing];
            bound += space.LogPrior(at, gradient);
            return double.IsFinite(bound) && Array.TrueForAll(gradient, double.IsFinite) ? (moved, bound, gradient) : null;
        }

        void Move(double[] at, double[] gradient, double rate)
        {
            int own = space.Count - z.Rows * d;
            for (int k = 0; k < gradient.Length; k++)
                gradient[k] = k >= own && !inference.LearnInducingInputs ? 0 : -gradient[k];
            adam.Step(at, gradient, rate);
            for (int k = 0; k < at.Length; k++)
                at[k] = Math.Clamp(at[k], space.Lower[k], space.Upper[k]);
        }
    }

    private static double Rate(int step, StochasticVariationalInference inference)
    {
        double done = (double)step / inference.Steps;
        return inference.LearningRate * (done <= 0.5 ? 1 : Math.Pow(LastRate, 2 * done - 1));
    }
}
