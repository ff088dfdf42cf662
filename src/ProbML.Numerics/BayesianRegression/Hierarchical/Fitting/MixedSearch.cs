using System.Numerics.Tensors;
using ProbML.LinearAlgebra;
using ProbML.Optimization;

namespace ProbML.Fitting;

/// <summary>Where a function of a few variables is smallest.</summary>
/// <param name="At">The place.</param>
/// <param name="Value">The function there.</param>
/// <param name="Hessian">Its curvature, [m, m].</param>
/// <param name="Iterations">Iterations taken.</param>
/// <param name="Converged">Whether Newton's method would not move it further.</param>
internal sealed record MixedMinimum(double[] At, double Value, double[] Hessian, int Iterations, bool Converged);

/// <summary>Quasi-Newton steps to the neighbourhood of a minimum, then Newton's to its last digits.</summary>
internal sealed class MixedSearch(SmoothFunction objective, int maximumIterations)
{
    private const int MostNewtonSteps = 20;

    public MixedMinimum Run(double[] start)
    {
        if (start.Length == 0)
            return new([], objective([], []), [], 0, true);
        var near = Lbfgs.Minimise(
            objective, start, new LbfgsRule { MaximumIterations = maximumIterations, GradientTolerance = 1e-5, ValueTolerance = 1e-10, Reach = 2 });
        return Newton(near.Point, near.Iterations);
    }

    /// <summary>Newton's steps; the curvature is measured again only where it has changed, for that is what costs.</summary>
    private MixedMinimum Newton(double[] at, int iterations)
    {
        int m = at.Length;
        double[] gradient = new double[m], measured = [.. at];
        double value = objective(at, gradient);
        double[] hessian = Hessian(at);
        double before = double.PositiveInfinity;
        for (int step = 0; step < MostNewtonSteps; step++)
        {
            double[]? direction = Direction(hessian, gradient);
            if (direction is null)
                return new(at, value, hessian, iterations + step, false);
            double decrement = -TensorPrimitives.Dot<double>(direction, gradient);
            bool arrived = decrement < 1e-13 * (1 + Math.Abs(value)), moved = !arrived && Move(direction, ref at, ref value, gradient);
            if (arrived || !moved || decrement > 0.1 * before)
            {
                if (TensorPrimitives.Distance<double>(measured, at) > 1e-4)
                {
                    hessian = Hessian(at);
                    (measured, before) = ([.. at], double.PositiveInfinity);
                    if (moved)
                        continue;
                }
                if (arrived || !moved)
                    return new(at, value, hessian, iterations + step + 1, arrived || decrement < 1e-7);
            }
            before = decrement;
        }
        return new(at, value, hessian, iterations + MostNewtonSteps, false);
    }

    private bool Move(double[] direction, ref double[] at, ref double value, double[] gradient)
    {
        for (double size = 1; size > 1e-4; size *= 0.5)
        {
            double[] next = new double[at.Length], slope = new double[at.Length];
            TensorPrimitives.MultiplyAdd(direction, size, at, next);
            double there = objective(next, slope);
            if (!(there <= value + 1e-13 * Math.Abs(value)))
                continue;
            (at, value) = (next, there);
            slope.CopyTo(gradient, 0);
            return true;
        }
        return false;
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
            double step = 1e-4 * (1 + Math.Abs(at[i]));
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
