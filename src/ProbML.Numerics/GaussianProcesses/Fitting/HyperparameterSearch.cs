using System.Diagnostics;
using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Maximises ln p(y | θ) + ln p(θ), or a bound on it, over the hyperparameters, from several starts.</summary>
/// <remarks>
/// The first start is the one given; the second has a hundredth of its noise (much noise explains everything badly, and is a
/// local optimum) and lengthscales as long as rows are apart; the others are drawn about it, normally with standard deviation 1.2 in the logarithms. Every climb is an
/// L-BFGS with limits that moves no logarithm by more than 1.5 in one line search.
/// </remarks>
internal static class HyperparameterSearch
{
    private const double Reach = 1.5, Scatter = 1.2;

    /// <summary>ln p(y | θ) or a bound, and its gradient by the free parameters; not finite: there is no value here.</summary>
    public delegate double Objective(ReadOnlySpan<double> free, Span<double> gradient);

    /// <summary>Climbs from every start; null: there is no value at any.</summary>
    /// <param name="space">What is moved.</param>
    /// <param name="objective">What is maximised, less the log priors.</param>
    /// <param name="rule">How many starts, and when a climb ends.</param>
    /// <param name="monitor">Progress and cancellation.</param>
    /// <param name="rows">The rows that an evaluation reads, for progress.</param>
    /// <param name="from">The first start; null: the values given.</param>
    /// <param name="tellsTotal">Whether progress is in starts, of so many; null: where there are several.</param>
    public static HyperparameterOptimum? Maximise(
        HyperparameterSpace space,
        Objective objective,
        HyperparameterSearchRule rule,
        TrainingMonitor monitor,
        long rows,
        double[]? from = null,
        bool? tellsTotal = null)
    {
        bool counts = tellsTotal ?? rule.Restarts > 0;
        var watch = Stopwatch.StartNew();
        var values = new List<double>();
        LbfgsResult? best = null;
        int evaluations = 0, iterations = 0;
        foreach (double[] start in Starts(space, rule, from ?? space.Start))
        {
            var found = Lbfgs.Minimise(
                Evaluate, start, rule.Lbfgs with { Reach = Reach }, space.Lower, space.Upper,
                (_, value) => Tell(++iterations, value));
            values.Add(-found.Value);
            Tell(iterations, found.Value);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        return best is null || best.Ending == LbfgsEnding.NoValueAtStart
            ? null
            : new(best.Point, -best.Value, values, best.Converged, evaluations);

        void Tell(int iteration, double value) => monitor.Report(
            new("Marginal likelihood", iteration, value, evaluations * rows, watch.Elapsed) { Completed = values.Count, Total = counts ? 1 + rule.Restarts : null });

        double Evaluate(ReadOnlySpan<double> free, Span<double> gradient)
        {
            monitor.ThrowIfCancelled();
            evaluations++;
            gradient.Clear();
            double value = objective(free, gradient);
            if (double.IsFinite(value))
                value += space.LogPrior(free, gradient);
            for (int k = 0; k < gradient.Length; k++)
                gradient[k] = -gradient[k];
            return -value;
        }
    }

    /// <summary>As <see cref="Maximise"/>; of many rows the starts are tried on a random subset, and the best goes on with all.</summary>
    /// <param name="space">What is moved.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="objective">Makes the objective of rows.</param>
    /// <param name="options">How many starts, and how many rows are many.</param>
    /// <param name="monitor">Progress and cancellation.</param>
    public static HyperparameterOptimum? MaximiseByRows(
        HyperparameterSpace space,
        GaussianProcessRows rows,
        Func<GaussianProcessRows, Objective> objective,
        GaussianProcessOptions options,
        TrainingMonitor monitor)
    {
        var random = monitor.CreateRandom(options.Seed);
        if (rows.Count <= options.RestartRows || options.Restarts == 0)
            return Maximise(space, objective(rows), options.SearchRule(options.Restarts, random), monitor, rows.Count);
        var some = rows.Subset(options.RestartRows, random);
        var tried = Maximise(space, objective(some), options.SearchRule(options.Restarts, random), monitor, some.Count, tellsTotal: false);
        var found = Maximise(space, objective(rows), options.SearchRule(0, random), monitor, rows.Count, tried?.Free);
        return found is null ? null
            : found with { Starts = tried?.Starts ?? [], Evaluations = found.Evaluations + (tried?.Evaluations ?? 0) };
    }

    private static IEnumerable<double[]> Starts(HyperparameterSpace space, HyperparameterSearchRule rule, double[] from)
    {
        yield return from;
        int noise = space.Find("noise_variance"), drawn = rule.Restarts;
        if (noise >= 0 && space.Lower[noise] < space.Upper[noise] && drawn > 0)
        {
            double[] low = space.WithLongLengthscales();
            low[noise] = Math.Max(space.Lower[noise], low[noise] - Math.Log(100));
            drawn--;
            yield return low;
        }
        for (int i = 0; i < drawn; i++)
        {
            double[] start = [.. space.Start];
            double[] steps = new double[start.Length];
            RandomNormal.Fill(rule.Random, steps);
            for (int k = 0; k < start.Length; k++)
                start[k] = Math.Clamp(start[k] + Scatter * steps[k], space.Lower[k], space.Upper[k]);
            yield return start;
        }
    }
}

/// <summary>How a search goes.</summary>
internal sealed record HyperparameterSearchRule(int Restarts, Random Random, LbfgsRule Lbfgs);

/// <summary>The best hyperparameters that a search found.</summary>
/// <param name="Free">As the optimizer has them.</param>
/// <param name="Value">The objective there, the log priors included.</param>
/// <param name="Starts">The objective reached from each start.</param>
/// <param name="Converged">Whether the climb to the best one ended at an optimum.</param>
/// <param name="Evaluations">Evaluations of all climbs.</param>
internal sealed record HyperparameterOptimum(
    double[] Free, double Value, IReadOnlyList<double> Starts, bool Converged, int Evaluations);
