using System.Diagnostics;
using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Where the iterations ended.</summary>
/// <param name="Parameters">b, [P].</param>
/// <param name="LogLikelihood">l at b.</param>
/// <param name="Information">−∂²l/∂b∂b' at b, [P, P].</param>
/// <param name="Objective">What was minimised.</param>
/// <param name="Iterations">Iterations taken.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Runaway">The parameter that moved most in the last step.</param>
internal sealed record VectorEstimate(
    double[] Parameters,
    double LogLikelihood,
    double[] Information,
    double Objective,
    int Iterations,
    GlmStatus Status,
    int Runaway);

/// <summary>Newton's method with step halving on −l + ½ b'Qb, one pass over the data an iteration.</summary>
/// <remarks>It ends by the <see cref="StoppingRules"/>, as <see cref="GlmIteration"/> does.</remarks>
/// <param name="design">The rows.</param>
/// <param name="options">Iterations, tolerance, threads.</param>
/// <param name="response">The distribution.</param>
/// <param name="transform">The coordinates.</param>
/// <param name="first">The first of z's columns that has a coefficient.</param>
/// <param name="penalty">Q, [P, P].</param>
/// <param name="monitor">Told after each iteration.</param>
/// <param name="watch">Started with the fit.</param>
internal sealed class VectorIteration(
    Design design,
    GlmOptions options,
    IVectorResponse response,
    RowTransform transform,
    int first,
    double[] penalty,
    TrainingMonitor monitor,
    Stopwatch watch)
{
    /// <summary>Iterates from a valid point to the optimum, or as near to it as there is one.</summary>
    /// <exception cref="InvalidOperationException">The likelihood is zero at the start.</exception>
    public VectorEstimate Run(double[] start, long rows, bool vanishes)
    {
        double[] b = start;
        var at = Evaluate(b);
        double objective = Objective(at, b), change = double.PositiveInfinity, previousSize = double.PositiveInfinity;
        if (!double.IsFinite(objective))
            throw new InvalidOperationException(
                $"The likelihood of '{design.ResponseName}' is zero, or not a number, where the fit starts: look for extreme "
                + "weights, offsets or responses.");
        double[] atStart = Pivots(at);
        int stalled = 0, runaway = 0;
        long read = rows;
        for (int iteration = 1; iteration <= options.MaximumIterations; iteration++)
        {
            if (Solve(at, b) is not { } step)
                return End(GlmStatus.Separated, iteration);            // the information has vanished in some direction
            if (change <= options.Tolerance && StoppingRules.IsSmall(step, previousSize, options.Tolerance))
            {
                b = Move(b, step.Coefficients, 1);
                at = Evaluate(b);
                return End(GlmStatus.Converged, iteration);
            }
            runaway = TensorPrimitives.IndexOfMaxMagnitude<double>(step.Coefficients);

            double share = 1, moved = double.PositiveInfinity, bound = StoppingRules.Bound(objective);
            double[] candidate = b;
            var there = at;
            for (int halving = 0; halving <= StoppingRules.MaximumHalvings && !(moved <= bound); halving++, share /= 2)
            {
                candidate = Move(b, step.Coefficients, share);
                there = Evaluate(candidate);
                moved = Objective(there, candidate);
                read += rows;
            }
            if (!(moved <= bound))
                return End(StoppingRules.WithoutProgress(step), iteration);
            change = StoppingRules.Change(objective, moved);
            (b, at, objective) = (candidate, there, moved);
            monitor.Report(new TrainingProgress("Newton", iteration, objective, read, watch.Elapsed));
            stalled = StoppingRules.RunsAway(change, step, previousSize) ? stalled + 1 : 0;
            if (stalled >= StoppingRules.MostStalled)
                return End(GlmStatus.Separated, iteration);
            if (StoppingRules.IsExhausted(change, step))
                return End(GlmStatus.Converged, iteration);
            previousSize = step.RelativeSize;
        }
        return End(GlmStatus.NotConverged, options.MaximumIterations);

        VectorEstimate End(GlmStatus status, int iterations)
        {
            if (vanishes && status == GlmStatus.Converged && StoppingRules.HasVanished(atStart, Pivots(at)))
                status = GlmStatus.Separated;
            return new(b, at.LogLikelihood, at.Information(), Objective(at, b), iterations, status, runaway);
        }
    }

    private VectorSum Evaluate(double[] b) =>
        design.Sum(() => new VectorSum(new VectorRows(response, transform, first, b)), monitor, options.NumberOfThreads);

    private double Objective(VectorSum at, double[] b)
    {
        double value = -at.LogLikelihood + 0.5 * TensorPrimitives.Dot<double>(b, VectorPenalty.Times(penalty, b));
        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>
    /// Solves (I + Q) δ = g − Q b; where l is not concave, with the diagonal raised until that is definite.
    /// </summary>
    private NewtonStep? Solve(VectorSum at, double[] b)
    {
        int n = b.Length;
        double[] a = at.Information(), right = new double[n], diagonal = new double[n];
        TensorPrimitives.Add(a, penalty, a);
        TensorPrimitives.Subtract(at.Gradient, VectorPenalty.Times(penalty, b), right);
        for (int i = 0; i < n; i++)
            diagonal[i] = Math.Max(Math.Abs(a[i * n + i]), 1e-300);
        double[] factor = [.. a];
        for (double raise = 1e-3; !Cholesky.TryFactor(factor, n, n, out _); raise *= 10)
        {
            if (response.IsConcave || raise > 1e9)
                return null;
            a.CopyTo(factor, 0);
            for (int i = 0; i < n; i++)
                factor[i * n + i] += raise * diagonal[i];
        }
        double[] step = [.. right];
        Cholesky.Solve(factor, n, n, step);
        double relative = 0;
        for (int i = 0; i < n; i++)
            relative = Math.Max(relative, Math.Abs(step[i]) / (Math.Abs(b[i]) + 1 / Math.Sqrt(diagonal[i])));
        double decrement = Math.Sqrt(Math.Max(0, TensorPrimitives.Dot<double>(right, step)));
        return Array.TrueForAll(step, double.IsFinite) ? new NewtonStep(step, 0, decrement, relative) : null;
    }

    private double[] Pivots(VectorSum at)
    {
        double[] a = at.Information();
        TensorPrimitives.Add(a, penalty, a);
        return new RankRevealingCholesky(a, at.Gradient.Length, 0).SquaredPivots;
    }

    private static double[] Move(double[] origin, double[] step, double share)
    {
        var b = new double[origin.Length];
        TensorPrimitives.MultiplyAdd(step, share, origin, b);
        return b;
    }
}
