using System.Diagnostics;
using System.Numerics.Tensors;
using ProbML.Optimization;

namespace ProbML.Fitting;

/// <summary>
/// Minimises by L-BFGS, preconditioned by the information's diagonal, what is too wide for Newton's method: one pass over
/// the rows an evaluation, memory of some 40 vectors of coefficients.
/// </summary>
/// <remarks>
/// Nocedal &amp; Wright (2006), algorithms 7.4 and 3.1. It ends when the objective changes by less than the tolerance and no
/// coefficient's own step is longer than the root of the tolerance in its own standard errors, 1e-5 by default.
/// </remarks>
internal sealed class GradientIteration(
    Func<GlmPoint, GradientSum> look, ArrowLayout layout, GlmOptions options, TrainingMonitor monitor, Stopwatch watch)
{
    private const int Memory = 17;
    private const int PassesPerIteration = 10;            // of MaximumIterations: these iterations are cheap, and take more
    private const double Armijo = 1e-4;

    private readonly LbfgsMemory memory = new(Memory);

    /// <summary>Iterates from a valid point.</summary>
    public GlmEstimate Run(GlmPoint point, GradientSum at, Penalty penalty, long rows)
    {
        double[] l2 = layout.ToPlaces(penalty.L2), b = layout.ToPlaces(point.Coefficients), start = at.Pivots(penalty);
        double objective = Objective(at, point, penalty);
        long read = rows;
        int most = options.MaximumIterations * PassesPerIteration;
        for (int iteration = 1; iteration <= most; iteration++)
        {
            double[] slope = Slope(at, b, l2), scale = Scale(at, l2), direction = memory.Product(slope, scale);
            double descent = TensorPrimitives.Dot<double>(slope, direction);
            double share = 1, moved = double.PositiveInfinity, change;
            double[] to = b;
            GlmPoint candidate = point;
            GradientSum there = at;
            for (int halving = 0; halving <= StoppingRules.MaximumHalvings; halving++, share /= 2)
            {
                to = new double[b.Length];
                TensorPrimitives.MultiplyAdd(direction, -share, b, to);
                candidate = point with { Coefficients = layout.FromPlaces(to) };
                there = look(candidate);
                read += rows;
                moved = Objective(there, candidate, penalty);
                if (moved <= StoppingRules.Bound(objective) - Armijo * share * descent)
                    break;
            }
            if (!(moved <= StoppingRules.Bound(objective)))
                return End(LargestStep(slope, scale) < 1e-3 ? GlmStatus.Converged : GlmStatus.NotConverged, iteration);
            memory.Remember(b, to, slope, Slope(there, to, l2));
            change = StoppingRules.Change(objective, moved);
            (point, at, b, objective) = (candidate, there, to, moved);
            monitor.Report(new TrainingProgress("L-BFGS", iteration, objective, read, watch.Elapsed));
            if (change <= options.Tolerance && LargestStep(Slope(at, b, l2), Scale(at, l2)) <= Math.Sqrt(options.Tolerance))
                return End(GlmStatus.Converged, iteration);
        }
        return End(GlmStatus.NotConverged, most);

        GlmEstimate End(GlmStatus status, int iterations)
        {
            if (status == GlmStatus.Converged && point.Family.IsDiscrete && StoppingRules.HasVanished(start, at.Pivots(penalty)))
                status = GlmStatus.Separated;
            return new(point, penalty, at, objective, iterations, status, Runaway(layout.FromPlaces(b), point));
        }
    }

    private static double Objective(GradientSum at, GlmPoint point, Penalty penalty)
    {
        double value = 0.5 * at.Rows.Deviance + penalty.Value(point.Coefficients);
        return at.Rows.IsValid && double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>The gradient of what is minimised.</summary>
    private static double[] Slope(GradientSum at, double[] b, double[] l2)
    {
        var slope = new double[b.Length];
        for (int k = 0; k < slope.Length; k++)
            slope[k] = l2[k] * b[k] - at.Gradient[k];
        return slope;
    }

    private static double[] Scale(GradientSum at, double[] l2)
    {
        var scale = new double[l2.Length];
        for (int k = 0; k < scale.Length; k++)
            scale[k] = at.Diagonal[k] + l2[k] is var h && h > 0 ? 1 / h : 0;
        return scale;
    }

    /// <summary>The largest |gⱼ|/√hⱼ: how far the steepest coefficient would go alone, in its standard errors.</summary>
    private static double LargestStep(double[] slope, double[] scale)
    {
        double largest = 0;
        for (int k = 0; k < slope.Length; k++)
            largest = Math.Max(largest, Math.Abs(slope[k]) * Math.Sqrt(scale[k]));
        return largest;
    }

    private static int Runaway(double[] b, GlmPoint point)
    {
        int first = point.Transform.Intercept ? 1 : 0;
        return b.Length == first ? -1 : Enumerable.Range(first, b.Length - first).MaxBy(j => Math.Abs(b[j]));
    }
}
