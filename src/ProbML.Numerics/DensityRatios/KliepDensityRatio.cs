using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

/// <summary>KLIEP: maximise E_p ln r over r = Σ θₗ kₗ ≥ 0 with E_q r = 1, which makes KL(p ‖ r q) least.</summary>
/// <remarks>
/// Sugiyama et al. (2008), Direct importance estimation with model selection. Where the width is chosen, the rows of both samples
/// that are left out judge it, by E_p ln r − ln E_q r: to judge by the numerator's alone, as that paper does, favours kernels so
/// narrow that they fit between the denominator's rows.
/// </remarks>
public static class KliepDensityRatio
{
    /// <summary>Fits the ratio; the width, where it is not given, is chosen by the held-out E_p ln r − ln E_q r.</summary>
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
        double bandwidth = columns.ChooseBandwidth(width => HeldOut(columns, width, options, monitor));
        double[] kernels = columns.OfNumerator(bandwidth);
        double[] mean = KernelColumns.Mean(columns.OfDenominator(bandwidth), columns.Denominator, columns.Count);
        double[] theta = Solve(kernels, mean, null, monitor);
        return new(columns, bandwidth, theta) { Divergence = MeanLog(kernels, theta) };
    }

    private static double HeldOut(KernelColumns columns, double bandwidth, KernelRatioOptions options, TrainingMonitor? monitor)
    {
        int b = columns.Count;
        double[] top = columns.OfNumerator(bandwidth), bottom = columns.OfDenominator(bandwidth);
        int folds = Math.Min(options.Folds, Math.Min(columns.Numerator, columns.Denominator));
        var (topFolds, bottomFolds) = (
            KernelColumns.Deal(columns.Numerator, folds, options.Seed), KernelColumns.Deal(columns.Denominator, folds, options.Seed + 1));
        double sum = 0;
        double[]? theta = null;
        for (int fold = 0; fold < folds; fold++)
        {
            double[] mean = Mean(KernelColumns.Part(bottom, b, bottomFolds, fold, isHeld: false));
            theta = Solve(KernelColumns.Part(top, b, topFolds, fold, isHeld: false), mean, theta, monitor);
            double[] held = KernelColumns.Part(top, b, topFolds, fold, isHeld: true);
            double scale = TensorPrimitives.Dot<double>(Mean(KernelColumns.Part(bottom, b, bottomFolds, fold, isHeld: true)), theta);
            sum += (MeanLog(held, theta) - Math.Log(Math.Max(scale, 1e-300))) * (held.Length / b);
        }
        return sum / columns.Numerator;

        double[] Mean(double[] part) => KernelColumns.Mean(part, part.Length / b, b);
    }

    private static double MeanLog(double[] kernels, double[] theta)
    {
        int b = theta.Length, n = kernels.Length / b;
        var ratios = new double[n];
        Gemv.Multiply(kernels, n, b, b, theta, ratios);
        return ratios.Average(Math.Log);
    }

    /// <summary>The minimum of −(1/n) Σ ln (Kθ)ᵢ + cᵀθ over θ ≥ 0, where cᵀθ = 1 of itself, since Kθ is linear in θ.</summary>
    private static double[] Solve(double[] kernels, double[] mean, double[]? start, TrainingMonitor? monitor)
    {
        var objective = new NegativeLogRatio(kernels, mean);
        double[] theta = start is null ? [] : [.. start];
        if (start is null || !double.IsFinite(objective.Value(theta)))
        {
            theta = new double[mean.Length];
            Array.Fill(theta, 1 / Math.Max(TensorPrimitives.Sum<double>(mean), 1e-300));
        }
        NonNegativeNewton.Minimise(objective, theta, monitor);
        TensorPrimitives.Divide(theta, Math.Max(TensorPrimitives.Dot<double>(mean, theta), 1e-300), theta);
        return theta;
    }

    private sealed class NegativeLogRatio(double[] kernels, double[] mean) : INonNegativeObjective
    {
        private readonly int b = mean.Length, n = kernels.Length / mean.Length;
        private readonly double[] ratios = new double[kernels.Length / mean.Length];

        public double Value(double[] theta)
        {
            Gemv.Multiply(kernels, n, b, b, theta, ratios);
            double sum = 0;
            foreach (double ratio in ratios)
                sum += ratio > 0 ? Math.Log(ratio) : double.NegativeInfinity;
            return double.IsFinite(sum) ? -sum / n + TensorPrimitives.Dot<double>(mean, theta) : double.PositiveInfinity;
        }

        public void Gradient(double[] theta, double[] gradient)
        {
            mean.CopyTo(gradient, 0);
            for (int i = 0; i < n; i++)
                TensorPrimitives.MultiplyAdd(kernels.AsSpan(i * b, b), -1.0 / (n * ratios[i]), gradient, gradient);
        }

        public double[] Hessian(double[] theta, int[] free)
        {
            int count = free.Length;
            var scaled = new double[n * count];
            for (int i = 0; i < n; i++)
                for (int l = 0; l < count; l++)
                    scaled[i * count + l] = kernels[i * b + free[l]] / ratios[i];
            return KernelColumns.Gram(scaled, n, count);
        }

        public double Unit(int coefficient) => 1e-3 / Math.Max(mean[coefficient], 1e-300);
    }
}
