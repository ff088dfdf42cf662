using System.Numerics.Tensors;
using ProbML.Evaluation;
using ProbML.LinearAlgebra;

namespace ProbML.TwoSample;

/// <summary>What Sinkhorn's algorithm has found.</summary>
/// <param name="Distance">(Σ P c)^(1/p): the Wasserstein distance, as far as the regularization lets it be seen.</param>
/// <param name="Divergence">S = OT(x, y) − ½ OT(x, x) − ½ OT(y, y), without the bias of regularization; zero only for equal samples.</param>
/// <param name="Iterations">How many it took between the samples.</param>
/// <param name="Converged">Whether the plan's margins were met.</param>
public sealed record SinkhornResult(double Distance, double Divergence, int Iterations, bool Converged);

/// <summary>Entropy-regularized optimal transport between two samples, in the logarithmic domain.</summary>
/// <remarks>
/// min over plans P of Σ P c + ε KL(P ‖ a bᵀ), c = ‖x − y‖ᵖ. Cuturi (2013); Peyré &amp; Cuturi (2019), §4.4, for logarithms; Feydy
/// et al. (2019) for the divergence and for the annealing of ε.
/// </remarks>
public static class Sinkhorn
{
    private const double Annealing = 0.5;
    private const double Tolerance = 1e-5;                // of ε: how far the plan's margins may be off, relatively

    /// <summary>Transports one sample to the other. Memory grows as n m.</summary>
    /// <param name="first">[n, d], row-major.</param>
    /// <param name="second">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="power">p, 1 or 2 usually.</param>
    /// <param name="regularization">ε, as a share of the mean cost between the samples.</param>
    /// <param name="maximumIterations">The most iterations at the last ε.</param>
    /// <param name="monitor">Cancellation, or null.</param>
    /// <exception cref="ArgumentException">A sample is empty, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Power or regularization is not positive.</exception>
    public static SinkhornResult Wasserstein(
        double[] first,
        double[] second,
        int featureCount,
        double power = 2,
        double regularization = 0.01,
        int maximumIterations = 2000,
        TrainingMonitor? monitor = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(power);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regularization);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumIterations);
        SampleCheck.Rows(first, second, featureCount, least: 1);
        var cost = Cost(first, second);
        double mean = TensorPrimitives.Sum<double>(cost.Numbers) / cost.Numbers.Length;
        if (mean == 0)
            return new(0, 0, 0, true);
        double epsilon = regularization * mean;
        var between = Solve(cost, epsilon, maximumIterations, monitor);
        double same = Solve(Cost(first, first), epsilon, maximumIterations, monitor).Value;
        double other = Solve(Cost(second, second), epsilon, maximumIterations, monitor).Value;
        return new(
            Math.Pow(between.Cost, 1 / power), between.Value - 0.5 * (same + other), between.Iterations, between.Converged);

        CostMatrix Cost(double[] x, double[] y)
        {
            double[] numbers = Distances.Squared(x, y, featureCount);
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = power == 2 ? numbers[i] : Math.Pow(numbers[i], power / 2);
            return new(numbers, x.Length / featureCount, y.Length / featureCount);
        }
    }

    private sealed record CostMatrix(double[] Numbers, int Rows, int Columns);

    private static (double Value, double Cost, int Iterations, bool Converged) Solve(
        CostMatrix cost, double epsilon, int most, TrainingMonitor? monitor)
    {
        int n = cost.Rows, m = cost.Columns;
        double[] f = new double[n], g = new double[m], transposed = new double[cost.Numbers.Length];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++)
                transposed[j * n + i] = cost.Numbers[i * m + j];
        double largest = TensorPrimitives.Max<double>(cost.Numbers), at = Math.Max(epsilon, largest), error = double.PositiveInfinity;
        int iterations = 0;
        for (; iterations < most; iterations++)
        {
            monitor?.ThrowIfCancelled();
            bool isLast = at <= epsilon;
            Update(cost.Numbers, n, m, g, f, at);
            double[] before = [.. g];
            Update(transposed, m, n, f, g, at);
            error = 0;
            for (int j = 0; j < m; j++)
                error = Math.Max(error, Math.Abs(g[j] - before[j]));
            if (isLast && error <= Tolerance * epsilon)
                break;
            at = Math.Max(epsilon, at * Annealing);
        }
        double transport = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++)
            {
                double c = cost.Numbers[i * m + j];
                transport += Math.Exp((f[i] + g[j] - c) / epsilon) * c / ((double)n * m);
            }
        // The dual value; at an optimum the plan's mass is one, and the term for it nothing.
        return (f.Average() + g.Average(), transport, iterations, error <= Tolerance * epsilon);
    }

    /// <summary>fᵢ ← −ε ln Σⱼ bⱼ exp((gⱼ − cᵢⱼ)/ε).</summary>
    private static void Update(double[] cost, int n, int m, double[] g, double[] f, double epsilon) =>
        Threads.For(8.0 * n * m, Environment.ProcessorCount, n, i =>
        {
            using var rented = new RentedNumbers(m);
            var terms = rented.Take(m);
            TensorPrimitives.Subtract(g, cost.AsSpan(i * m, m), terms);
            TensorPrimitives.Multiply(terms, 1 / epsilon, terms);
            f[i] = -epsilon * LogSum.Mean(terms);
        });
}
