using System.Diagnostics;
using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Maximises ln p(y | θ) + ln p(θ), or a bound on it, over the hyperparameters, from several starts.</summary>
/// <remarks>
/// The first start is the one given, the second has a hundredth of its noise (much noise explains everything badly, and is a
/// local optimum), the others are drawn about it, normally with standard deviation 1.2 in the logarithms. Every climb is an
/// L-BFGS with limits that moves no logarithm by more than 1.5 in one line search.
/// </remarks>
internal static class HyperparameterSearch
{
    private const double Reach = 1.5, Scatter = 1.2;

    /// <summary>ln p(y | θ) or a bound, and its gradient by the free parameters; not finite: there is no value here.</summary>
    public delegate double Objective(ReadOnlySpan<double> free, Span<double> gradient);

    /// <summary>Climbs from every start.</summary>
    public static HyperparameterOptimum Maximise(
        HyperparameterSpace space, Objective objective, HyperparameterSearchRule rule, TrainingMonitor monitor, long rows)
    {
        var watch = Stopwatch.StartNew();
        var values = new List<double>();
        LbfgsResult? best = null;
        int evaluations = 0, iterations = 0;
        foreach (double[] start in Starts(space, rule))
        {
            var found = Lbfgs.Minimise(
                Evaluate, start, rule.Lbfgs with { Reach = Reach }, space.Lower, space.Upper,
                (_, value) => monitor.Report(new("Marginal likelihood", ++iterations, value, evaluations * rows, watch.Elapsed)));
            values.Add(-found.Value);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        if (best is null || best.Ending == LbfgsEnding.NoValueAtStart)
            throw new InvalidOperationException(
                "The covariance is not positive definite to double precision at any start of the search: rows repeat without noise, or "
                + "lengthscales are far too long. Add noise or a white kernel, or give other starting values.");
        return new(best.Point, -best.Value, values, best.Converged, evaluations);

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

    private static IEnumerable<double[]> Starts(HyperparameterSpace space, HyperparameterSearchRule rule)
    {
        yield return space.Start;
        int noise = space.Find("noise_variance"), drawn = rule.Restarts;
        if (noise >= 0 && space.Lower[noise] < space.Upper[noise] && drawn > 0)
        {
            double[] low = [.. space.Start];
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
