using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>A function to be made small, with its gradient; +∞ where it has no value.</summary>
internal delegate double MixedObjective(ReadOnlySpan<double> at, Span<double> gradient);

/// <summary>Where a function of a few variables is smallest.</summary>
/// <param name="At">The place.</param>
/// <param name="Value">The function there.</param>
/// <param name="Hessian">Its curvature, [m, m].</param>
/// <param name="Iterations">Iterations taken.</param>
/// <param name="Converged">Whether Newton's method would not move it further.</param>
internal sealed record MixedMinimum(double[] At, double Value, double[] Hessian, int Iterations, bool Converged);

/// <summary>Quasi-Newton steps (BFGS) to the neighbourhood of a minimum, then Newton's to its last digits.</summary>
internal sealed class MixedSearch(MixedObjective objective, int maximumIterations)
{
    private const double Unreachable = 1e100;
    private const int MostNewtonSteps = 12;

    public MixedMinimum Run(double[] start)
    {
        int m = start.Length, iterations = 0;
        double[] at = [.. start];
        if (m == 0)
            return new(at, objective(at, []), [], 0, true);
        try
        {
            var result = new BfgsMinimizer(1e-5, 1e-9, 1e-12, maximumIterations).FindMinimum(
                ObjectiveFunction.Gradient(Evaluate), Vector<double>.Build.DenseOfArray(start));
            (at, iterations) = ([.. result.MinimizingPoint], result.Iterations);
        }
        catch (MaximumIterationsException)
        {
            iterations = maximumIterations;
            at = Best.At ?? at;
        }
        catch (NumericalBreakdownException)
        {
            at = Best.At ?? at;                           // the line search ran out of digits; Newton's steps go on
        }
        return Newton(Best.At is not null && Best.Value < objective(at, new double[m]) ? Best.At : at, iterations);
    }

    private (double[]? At, double Value) Best { get; set; } = (null, double.PositiveInfinity);

    private (double, Vector<double>) Evaluate(Vector<double> at)
    {
        double[] place = [.. at], gradient = new double[place.Length];
        double value = objective(place, gradient);
        if (!double.IsFinite(value))
            return (Unreachable, Vector<double>.Build.Dense(place.Length));
        if (value < Best.Value)
            Best = (place, value);
        return (value, Vector<double>.Build.DenseOfArray(gradient));
    }

    private MixedMinimum Newton(double[] at, int iterations)
    {
        int m = at.Length;
        double[] gradient = new double[m], hessian = [];
        double value = objective(at, gradient);
        for (int step = 0; step < MostNewtonSteps; step++)
        {
            hessian = Hessian(at);
            double[]? direction = Direction(hessian, gradient);
            if (direction is null)
                return new(at, value, hessian, iterations + step, false);
            double decrement = 0;
            for (int i = 0; i < m; i++)
                decrement -= direction[i] * gradient[i];
            bool moved = false;
            for (double size = 1; size > 1e-4; size *= 0.5)
            {
                double[] next = [.. at.Select((v, i) => v + size * direction[i])], slope = new double[m];
                double there = objective(next, slope);
                if (!(there <= value + 1e-13 * Math.Abs(value)))
                    continue;
                (at, value, gradient, moved) = (next, there, slope, true);
                break;
            }
            if (decrement < 1e-12 * (1 + Math.Abs(value)))
                return new(at, value, hessian, iterations + step + 1, true);
            if (!moved)
                return new(at, value, hessian, iterations + step + 1, decrement < 1e-7);
        }
        return new(at, value, hessian, iterations + MostNewtonSteps, false);
    }

    /// <summary>−(H + λI)⁻¹ g with the smallest λ of a row that makes it a descent.</summary>
    private static double[]? Direction(double[] hessian, double[] gradient)
    {
        int m = gradient.Length;
        double scale = 0;
        for (int i = 0; i < m; i++)
            scale = Math.Max(scale, Math.Abs(hessian[i * m + i]));
        for (double lambda = 0; lambda < 1e3; lambda = lambda == 0 ? 1e-10 : 10 * lambda)
        {
            double[] factor = [.. hessian];
            for (int i = 0; i < m; i++)
                factor[i * m + i] += lambda * (scale + 1e-8);
            if (!Cholesky.TryFactor(factor, m, m, out _))
                continue;
            double[] direction = [.. gradient.Select(g => -g)];
            Cholesky.Solve(factor, m, m, direction);
            if (Array.TrueForAll(direction, double.IsFinite))
                return direction;
        }
        return null;
    }

    /// <summary>Central differences of the gradient, made symmetric.</summary>
    private double[] Hessian(double[] at)
    {
        int m = at.Length;
        double[] hessian = new double[m * m], up = new double[m], down = new double[m], place = [.. at];
        for (int i = 0; i < m; i++)
        {
            double step = 2e-5 * (1 + Math.Abs(at[i]));
            place[i] = at[i] + step;
            double above = objective(place, up);
            place[i] = at[i] - step;
            double below = objective(place, down);
            place[i] = at[i];
            for (int j = 0; j < m; j++)
                hessian[i * m + j] = double.IsFinite(above + below) ? (up[j] - down[j]) / (2 * step) : double.NaN;
        }
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
                hessian[i * m + j] = hessian[j * m + i] = 0.5 * (hessian[i * m + j] + hessian[j * m + i]);
        }
        return hessian;
    }
}
