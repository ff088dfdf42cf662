using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>
/// The algorithm: Fisher scoring with step halving, then Newton's method once near the optimum, one pass over the data an
/// iteration.
/// </summary>
/// <remarks>McCullagh &amp; Nelder (1989), §2.5; Marschner (2011) for the step halving.</remarks>
internal sealed class GlmIteration(
    Design design, GlmOptions options, bool estimateTheta, bool newtonDiffers, TrainingMonitor monitor, Stopwatch watch)
{
    private const double LargestTheta = 1e7;
    private const int MaximumHalvings = 40;

    /// <summary>An optimum at which the information about some direction is less than this much of what it was at the start.</summary>
    private const double Vanished = 1e-7;

    private long rowsRead;

    /// <summary>One pass at a point.</summary>
    public LikelihoodSum Evaluate(GlmPoint point, Information kind)
    {
        var sum = design.Sum(() => new LikelihoodSum(point, kind, estimateTheta), monitor, options.NumberOfThreads);
        return sum;
    }

    /// <summary>Half the deviance (or −l where θ is estimated) plus the penalty; infinite outside the model's domain.</summary>
    public double Objective(LikelihoodSum at, GlmPoint point, Penalty penalty)
    {
        double value = (estimateTheta ? -at.LogLikelihood : 0.5 * at.Deviance) + penalty.Value(point.Coefficients);
        return at.IsValid && double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>Iterates from a valid point to the optimum, or as near to it as there is one.</summary>
    public GlmEstimate Run(GlmPoint point, LikelihoodSum at, Penalty penalty, long rows)
    {
        var kind = Information.Expected;
        bool newtonFailed = !newtonDiffers;
        double objective = Objective(at, point, penalty), change = double.PositiveInfinity, previousSize = double.PositiveInfinity;
        int stalled = 0, runaway = -1;
        rowsRead = rows;
        double[] atStart = Pivots(at, penalty);
        for (int iteration = 1; iteration <= options.MaximumIterations; iteration++)
        {
            var solved = NewtonStep.Solve(at, point, penalty, kind, estimateTheta);
            if (solved is null && kind == Information.Observed)
            {
                (kind, newtonFailed) = (Information.Expected, true);
                at = Evaluate(point, kind);
                solved = NewtonStep.Solve(at, point, penalty, kind, estimateTheta);
            }
            if (solved is not { } step)
                return End(GlmStatus.Separated, iteration);            // the information has vanished in some direction
            if (change <= options.Tolerance && IsSmall(step, previousSize))
            {
                point = Move(point, step, 1);
                return End(GlmStatus.Converged, iteration);
            }
            runaway = Steepest(step, point);
            var next = kind;
            if (!newtonFailed && kind == Information.Expected && change < 1e-2)
                next = Information.Observed;

            double share = 1, moved = double.PositiveInfinity;
            GlmPoint candidate = point;
            LikelihoodSum there = at;
            for (int halving = 0; halving <= MaximumHalvings; halving++, share /= 2)
            {
                candidate = Move(point, step, share);
                there = Evaluate(candidate, next);
                moved = Objective(there, candidate, penalty);
                rowsRead += rows;
                if (moved <= objective + 1e-12 * (Math.Abs(objective) + 0.1))
                    break;
            }
            if (!(moved <= objective + 1e-12 * (Math.Abs(objective) + 0.1)))
            {
                if (kind == Information.Expected)
                    return End(step.Decrement < 1e-6 ? GlmStatus.Converged : GlmStatus.NotConverged, iteration);
                (kind, newtonFailed) = (Information.Expected, true);
                at = Evaluate(point, kind);
                continue;
            }
            change = Math.Abs(objective - moved) / (Math.Abs(moved) + 0.1);
            (point, at, objective, kind) = (candidate, there, moved, next);
            monitor.Report(new TrainingProgress("IRLS", iteration, objective, rowsRead, watch.Elapsed));
            if (estimateTheta && point.Theta > LargestTheta)
                return End(GlmStatus.NoOverdispersion, iteration);
            // Runs away: the objective stands still while the steps do not shrink.
            stalled = change < 1e-8 && step.RelativeSize > 1e-3 && step.RelativeSize > 0.5 * previousSize ? stalled + 1 : 0;
            if (stalled >= 4)
                return End(GlmStatus.Separated, iteration);
            // At the limit of the arithmetic: nothing changes any more, but the test above asks for more digits than there are.
            if (change < 1e-15 && step.Decrement < 1e-7 && step.RelativeSize < 1e-6)
                return End(GlmStatus.Converged, iteration);
            previousSize = step.RelativeSize;
        }
        return End(GlmStatus.NotConverged, options.MaximumIterations);

        GlmEstimate End(GlmStatus status, int iterations)
        {
            if (status == GlmStatus.Converged && point.Family.IsDiscrete && HasVanished(atStart, Pivots(at, penalty)))
                status = GlmStatus.Separated;
            return new(point, penalty, at, objective, iterations, status, runaway);
        }
    }

    /// <summary>What the information tells of each coefficient, those before it known: the squared pivots of its factor.</summary>
    private static double[] Pivots(LikelihoodSum at, Penalty penalty)
    {
        int q = penalty.L2.Length;
        double[] a = [.. at.Information];
        for (int j = 0; j < q; j++)
            a[j * q + j] += penalty.L2[j] + penalty.L1[j];
        return new RankRevealingCholesky(a, q, 0).SquaredPivots;
    }

    /// <summary>
    /// Where some fitted means of counts or classes run to the edge of their range, the likelihood flattens out: its slope
    /// falls below any tolerance while the coefficients still run.
    /// </summary>
    private static bool HasVanished(double[] start, double[] end)
    {
        for (int j = 0; j < start.Length; j++)
        {
            if (end[j] < Vanished * start[j])
                return true;
        }
        return false;
    }

    /// <summary>Whether the step, or the one that would follow it at the rate seen last, is within the tolerance.</summary>
    private bool IsSmall(NewtonStep step, double previousSize) =>
        Math.Min(step.RelativeSize, step.Decrement) <= options.Tolerance
        || (step.RelativeSize < 1e-4 && step.RelativeSize * (step.RelativeSize / previousSize) <= 0.1 * options.Tolerance);

    private static GlmPoint Move(GlmPoint origin, NewtonStep step, double share)
    {
        var b = new double[origin.Coefficients.Length];
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(step.Coefficients, share, origin.Coefficients, b);
        if (share == 1)                                   // so that coefficients which the lasso sets to zero are zero
        {
            for (int j = 0; j < b.Length; j++)
            {
                if (step.Coefficients[j] == -origin.Coefficients[j])
                    b[j] = 0;
            }
        }
        var family = step.LogTheta == 0
            ? origin.Family
            : new NegativeBinomialFamily(origin.Theta * Math.Exp(share * step.LogTheta));
        return origin with { Coefficients = b, Family = family };
    }

    private static int Steepest(NewtonStep step, GlmPoint point)
    {
        int first = point.Transform.Intercept ? 1 : 0, largest = -1;
        for (int j = first; j < step.Coefficients.Length; j++)
        {
            if (largest < 0 || Math.Abs(step.Coefficients[j]) > Math.Abs(step.Coefficients[largest]))
                largest = j;
        }
        return largest;
    }
}
