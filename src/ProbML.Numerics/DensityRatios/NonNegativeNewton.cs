using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

/// <summary>A convex function of coefficients θ ≥ 0.</summary>
internal interface INonNegativeObjective
{
    /// <summary>The value; +∞ where it is not defined.</summary>
    double Value(double[] theta);

    /// <summary>Fills the gradient, [b], at the θ whose value was asked for last.</summary>
    void Gradient(double[] theta, double[] gradient);

    /// <summary>The second derivatives of the coefficients listed, [f, f], at the θ whose gradient was asked for last.</summary>
    double[] Hessian(double[] theta, int[] free);

    /// <summary>How large a coefficient that matters is: what tells a small gradient.</summary>
    double Unit(int coefficient);
}

/// <summary>Minimises over θ ≥ 0 by Newton's method on the coefficients that are free.</summary>
/// <remarks>Bertsekas (1982), Projected Newton methods for optimization problems with simple constraints.</remarks>
internal static class NonNegativeNewton
{
    private const int MostIterations = 500, MostHalvings = 60;
    private const double Tolerance = 1e-13, SufficientDecrease = 1e-4;

    /// <summary>Moves θ, where the objective is finite, to the minimum.</summary>
    public static void Minimise(INonNegativeObjective objective, double[] theta, TrainingMonitor? monitor)
    {
        int b = theta.Length;
        double[] gradient = new double[b], next = new double[b];
        double value = objective.Value(theta);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            monitor?.ThrowIfCancelled();
            objective.Gradient(theta, gradient);
            int[] free = [.. Enumerable.Range(0, b).Where(l => theta[l] > 0 || gradient[l] < 0)];
            // What each free coefficient could gain, in the units of the objective.
            if (free.All(l => Math.Abs(gradient[l]) * Math.Max(theta[l], objective.Unit(l)) < Tolerance))
                break;
            double[] step = Step(objective.Hessian(theta, free), gradient, free, b);
            double length = 1, at = double.PositiveInfinity;
            for (int halving = 0; halving < MostHalvings; halving++, length /= 2)
            {
                double decrease = 0;
                for (int l = 0; l < b; l++)
                {
                    next[l] = Math.Max(0, theta[l] + length * step[l]);
                    decrease += gradient[l] * (next[l] - theta[l]);
                }
                at = objective.Value(next);
                if (at <= value + SufficientDecrease * decrease && decrease < 0)
                    break;
                at = double.PositiveInfinity;
            }
            if (double.IsPositiveInfinity(at))
                break;                                    // no step is long enough to be seen
            value = at;
            next.CopyTo(theta, 0);
        }
        objective.Value(theta);
    }

    private static double[] Step(double[] hessian, double[] gradient, int[] free, int b)
    {
        int count = free.Length;
        double[] part = new double[count * count], right = new double[count], step = new double[b];
        double trace = 0;
        for (int i = 0; i < count; i++)
            trace += hessian[i * count + i] / count;
        for (double ridge = 1e-12; ; ridge *= 100)
        {
            hessian.CopyTo(part, 0);
            for (int i = 0; i < count; i++)
            {
                right[i] = -gradient[free[i]];
                part[i * count + i] += ridge * trace + 1e-300;
            }
            if (!Cholesky.TryFactor(part, count, count, out _))
                continue;
            Cholesky.Solve(part, count, count, right);
            for (int i = 0; i < count; i++)
                step[free[i]] = right[i];
            return step;
        }
    }
}
