using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>
/// The algorithm: Fisher scoring with step halving, then Newton's method once near the optimum, one pass over the data an
/// iteration.
/// </summary>
/// <remarks>McCullagh &amp; Nelder (1989), §2.5; Marschner (2011) for the step halving.</remarks>
/// <param name="design">The rows.</param>
/// <param name="options">The model and how it is fitted.</param>
/// <param name="estimateTheta">Whether the negative binomial's θ is estimated too.</param>
/// <param name="newtonDiffers">Whether Newton's method is anything else than Fisher scoring.</param>
/// <param name="monitor">Hears of each iteration.</param>
/// <param name="watch">Since when.</param>
/// <param name="look">How the likelihood at a point is found; null: over dense rows.</param>
internal sealed class GlmIteration(
    Design design,
    GlmOptions options,
    bool estimateTheta,
    bool newtonDiffers,
    TrainingMonitor monitor,
    Stopwatch watch,
    Func<GlmPoint, Information, ILikelihood>? look = null)
{
    private const double LargestTheta = 1e7;

    private long rowsRead;

    /// <summary>One pass at a point.</summary>
    public LikelihoodSum Evaluate(GlmPoint point, Information kind) =>
        design.Sum(() => new LikelihoodSum(point, kind, estimateTheta), monitor, options.NumberOfThreads);

    /// <summary>Half the deviance (or −l where θ is estimated) plus the penalty; infinite outside the model's domain.</summary>
    public double Objective(ILikelihood at, GlmPoint point, Penalty penalty)
    {
        var rows = at.Rows;
        double value = (estimateTheta ? -rows.LogLikelihood : 0.5 * rows.Deviance) + penalty.Value(point.Coefficients);
        return rows.IsValid && double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>Iterates from a valid point to the optimum, or as near to it as there is one.</summary>
    public GlmEstimate Run(GlmPoint point, ILikelihood at, Penalty penalty, long rows)
    {
        Func<GlmPoint, Information, ILikelihood> evaluate = look ?? Evaluate;
        var kind = Information.Expected;
        bool newtonFailed = !newtonDiffers;
        double objective = Objective(at, point, penalty), change = double.PositiveInfinity, previousSize = double.PositiveInfinity;
        int stalled = 0, runaway = -1;
        rowsRead = rows;
        double[] atStart = at.Pivots(penalty);
        for (int iteration = 1; iteration <= options.MaximumIterations; iteration++)
        {
            var solved = at.Step(point, penalty, kind, estimateTheta);
            if (solved is null && kind == Information.Observed)
            {
                (kind, newtonFailed) = (Information.Expected, true);
                at = evaluate(point, kind);
                solved = at.Step(point, penalty, kind, estimateTheta);
            }
            if (solved is not { } step)
                return End(GlmStatus.Separated, iteration);            // the information has vanished in some direction
            if (change <= options.Tolerance && StoppingRules.IsSmall(step, previousSize, options.Tolerance))
            {
                // Where no digit would change, the pass made here serves for the summary too.
                if (!(at.Rows.KnowsStatistics && options.L1 == 0 && step.RelativeSize <= Math.Min(options.Tolerance, StoppingRules.Nothing)))
                    point = Move(point, step, 1);
                return End(GlmStatus.Converged, iteration);
            }
            runaway = Steepest(step, point);
            var next = kind;
            if (!newtonFailed && kind == Information.Expected && change < 1e-2)
                next = Information.Observed;

            double share = 1, moved = double.PositiveInfinity, bound = StoppingRules.Bound(objective);
            GlmPoint candidate = point;
            ILikelihood there = at;
            for (int halving = 0; halving <= StoppingRules.MaximumHalvings && !(moved <= bound); halving++, share /= 2)
            {
                candidate = Move(point, step, share);
                there = evaluate(candidate, next);
                moved = Objective(there, candidate, penalty);
                rowsRead += rows;
            }
            if (!(moved <= bound))
            {
                if (kind == Information.Expected)
                    return End(StoppingRules.WithoutProgress(step), iteration);
                (kind, newtonFailed) = (Information.Expected, true);
                at = evaluate(point, kind);
                continue;
            }
            change = StoppingRules.Change(objective, moved);
            (point, at, objective, kind) = (candidate, there, moved, next);
            monitor.Report(new TrainingProgress("IRLS", iteration, objective, rowsRead, watch.Elapsed));
            if (estimateTheta && point.Theta > LargestTheta)
                return End(GlmStatus.NoOverdispersion, iteration);
            stalled = StoppingRules.RunsAway(change, step, previousSize) ? stalled + 1 : 0;
            if (stalled >= StoppingRules.MostStalled)
                return End(GlmStatus.Separated, iteration);
            if (StoppingRules.IsExhausted(change, step))
                return End(GlmStatus.Converged, iteration);
            previousSize = step.RelativeSize;
        }
        return End(GlmStatus.NotConverged, options.MaximumIterations);

        GlmEstimate End(GlmStatus status, int iterations)
        {
            if (status == GlmStatus.Converged && point.Family.IsDiscrete && StoppingRules.HasVanished(atStart, at.Pivots(penalty)))
                status = GlmStatus.Separated;
            return new(point, penalty, at, objective, iterations, status, runaway);
        }
    }

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
