using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

/// <summary>KLIEP: maximise E_p ln r over r = Σ θₗ kₗ ≥ 0 with E_q r = 1, which makes KL(p ‖ r q) least.</summary>
/// <remarks>Sugiyama et al. (2008), Direct importance estimation with model selection.</remarks>
public static class KliepDensityRatio
{
    private const int MostIterations = 500;
    private const double Tolerance = 1e-13, SufficientDecrease = 1e-4;

    /// <summary>Fits the ratio; the width, where it is not given, is chosen by the numerator's held-out E ln r.</summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Centres, width, folds; null: 100 centres drawn, the width chosen by five folds.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <returns>The ratio; its divergence is the estimate of KL(p ‖ q).</returns>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static KernelDensityRatio Fit(
        double[] numerator,
        double[] denominator,
        int featureCount,
        KernelRatioOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        options ??= new();
        var columns = new KernelColumns(numerator, denominator, featureCount, options);
        double bandwidth = columns.Bandwidths.Length == 1
            ? columns.Bandwidths[0]
            : columns.Bandwidths.MaxBy(width => HeldOut(columns, width, options, monitor));
        double[] kernels = columns.OfNumerator(bandwidth);
        double[] theta = Solve(kernels, columns.Count, DenominatorMean(columns, bandwidth), monitor);
        return new(columns.Centres, featureCount, bandwidth, theta)
        {
            Divergence = MeanLog(kernels, columns.Count, theta),
        };
    }

    private static double[] DenominatorMean(KernelColumns columns, double bandwidth) =>
        KernelColumns.Mean(columns.OfDenominator(bandwidth), columns.Denominator, columns.Count);

    private static double HeldOut(KernelColumns columns, double bandwidth, KernelRatioOptions options, TrainingMonitor? monitor)
    {
        int b = columns.Count, n = columns.Numerator, folds = Math.Min(options.Folds, n);
        double[] kernels = columns.OfNumerator(bandwidth), mean = DenominatorMean(columns, bandwidth);
        int[] order = [.. Enumerable.Range(0, n)];
        new Random(options.Seed).Shuffle(order);
        double sum = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            double[] theta = Solve(Part(i => i % folds != fold), b, mean, monitor), held = Part(i => i % folds == fold);
            sum += MeanLog(held, b, theta) * (held.Length / b);
        }
        return double.IsNaN(sum) ? double.NegativeInfinity : sum / n;

        double[] Part(Func<int, bool> isIn) =>
            [.. order.Where((_, place) => isIn(place)).SelectMany(i => kernels[(i * b)..((i + 1) * b)])];
    }

    private static double MeanLog(double[] kernels, int b, double[] theta)
    {
        int n = kernels.Length / b;
        var ratios = new double[n];
        Gemv.Multiply(kernels, n, b, b, theta, ratios);
        return ratios.Average(Math.Log);
    }

    /// <summary>
    /// Minimises −(1/n) Σ ln (Kθ)ᵢ + cᵀθ over θ ≥ 0: at its minimum cᵀθ = 1 of itself, since (Kθ) is linear in θ. By Newton's
    /// method on the coefficients that are free (Bertsekas 1982).
    /// </summary>
    private static double[] Solve(double[] kernels, int b, double[] mean, TrainingMonitor? monitor)
    {
        int n = kernels.Length / b;
        double[] theta = new double[b], gradient = new double[b], next = new double[b], ratios = new double[n];
        Array.Fill(theta, 1 / Math.Max(TensorPrimitives.Sum<double>(mean), 1e-300));
        double value = Value(theta);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            monitor?.ThrowIfCancelled();
            double[] scaled = new double[kernels.Length];
            mean.CopyTo(gradient, 0);
            for (int i = 0; i < n; i++)
            {
                var row = scaled.AsSpan(i * b, b);
                TensorPrimitives.Divide(kernels.AsSpan(i * b, b), ratios[i], row);
                TensorPrimitives.MultiplyAdd(row, -1.0 / n, gradient, gradient);
            }
            int[] free = [.. Enumerable.Range(0, b).Where(l => theta[l] > 0 || gradient[l] < 0)];
            // What each free coefficient could gain, in the units of the objective.
            if (free.All(l => Math.Abs(gradient[l]) * Math.Max(theta[l], 1e-3 / Math.Max(mean[l], 1e-300)) < Tolerance))
                break;
            double[] step = Newton(KernelColumns.Gram(scaled, n, b), gradient, free, b);
            double length = 1, at = double.PositiveInfinity;
            for (int halving = 0; halving < 60; halving++, length /= 2)
            {
                double decrease = 0;
                for (int l = 0; l < b; l++)
                {
                    next[l] = Math.Max(0, theta[l] + length * step[l]);
                    decrease += gradient[l] * (next[l] - theta[l]);
                }
                at = Value(next);
                if (at <= value + SufficientDecrease * decrease && decrease < 0)
                    break;
                at = double.PositiveInfinity;
            }
            if (double.IsPositiveInfinity(at))
                break;                                    // no step is long enough to be seen
            value = at;
            next.CopyTo(theta, 0);
        }
        Value(theta);
        TensorPrimitives.Divide(theta, TensorPrimitives.Dot<double>(mean, theta), theta);
        return theta;

        double Value(double[] at)
        {
            Gemv.Multiply(kernels, n, b, b, at, ratios);
            double sum = 0;
            foreach (double ratio in ratios)
                sum += ratio > 0 ? Math.Log(ratio) : double.NegativeInfinity;
            return double.IsFinite(sum) ? -sum / n + TensorPrimitives.Dot<double>(mean, at) : double.PositiveInfinity;
        }
    }

    private static double[] Newton(double[] hessian, double[] gradient, int[] free, int b)
    {
        int count = free.Length;
        double[] part = new double[count * count], right = new double[count], step = new double[b];
        double trace = free.Sum(l => hessian[l * b + l]) / Math.Max(1, count);
        for (double ridge = 1e-12; ; ridge *= 100)
        {
            for (int i = 0; i < count; i++)
            {
                right[i] = -gradient[free[i]];
                for (int j = 0; j < count; j++)
                    part[i * count + j] = hessian[free[i] * b + free[j]] + (i == j ? ridge * trace + 1e-300 : 0);
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
