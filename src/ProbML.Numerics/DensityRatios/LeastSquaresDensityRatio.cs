using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

/// <summary>uLSIF and RuLSIF: the least-squares fit of p/(α p + (1 − α) q) by kernels, in closed form.</summary>
/// <remarks>
/// θ = (H + λI)⁻¹ h, H = α E_p kkᵀ + (1 − α) E_q kkᵀ, h = E_p k, negatives then set to zero. Kanamori, Hido &amp; Sugiyama (2009)
/// for α = 0; Yamada et al. (2013) for α &gt; 0, where the ratio is bounded by 1/α.
/// </remarks>
public static class LeastSquaresDensityRatio
{
    private static readonly double[] Regularizations = [1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>Fits the ratio; what the options leave open is chosen by leaving out one row of each sample at a time.</summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Centres, widths, α; null: 100 centres drawn, α 0, the rest chosen.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <returns>The ratio; its divergence is the Pearson divergence ½ E (r − 1)² over the denominator.</returns>
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
        double[] penalties = options.Regularization is { } one ? [one] : Regularizations;
        var (bandwidth, penalty) = (columns.Bandwidths[0], penalties[0]);
        if (columns.Bandwidths.Length * penalties.Length > 1)
        {
            double best = double.PositiveInfinity;
            foreach (double width in columns.Bandwidths)
            {
                var problem = new Problem(columns, width, options.Alpha);
                foreach (double lambda in penalties)
                {
                    monitor?.ThrowIfCancelled();
                    double score = problem.LeaveOneOut(lambda);
                    if (score < best)
                        (best, bandwidth, penalty) = (score, width, lambda);
                }
            }
        }
        var chosen = new Problem(columns, bandwidth, options.Alpha);
        double[] theta = chosen.Solve(penalty);
        return new(columns.Centres, featureCount, bandwidth, theta)
        {
            Regularization = penalty,
            Alpha = options.Alpha,
            Divergence = chosen.Divergence(theta),
        };
    }

    /// <summary>The leave-one-out score at a width and penalty: the mean of α r(x)²/2 + (1 − α) r(y)²/2 − r(x) of pairs left out.</summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Bandwidth and Regularization must be given.</param>
    /// <remarks>Kanamori, Hido &amp; Sugiyama (2009), §3.3: by a rank-one update a pair, not by fitting again.</remarks>
    /// <exception cref="ArgumentException">Bandwidth or Regularization is not given.</exception>
    public static double LeaveOneOutScore(
        double[] numerator, double[] denominator, int featureCount, KernelRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is not { Bandwidth: { } bandwidth, Regularization: { } penalty })
            throw new ArgumentException("A score is of one bandwidth and one regularization: give both.", nameof(options));
        return new Problem(new(numerator, denominator, featureCount, options), bandwidth, options.Alpha).LeaveOneOut(penalty);
    }

    /// <summary>H and h of one width.</summary>
    private sealed class Problem
    {
        private readonly int n, m, b;
        private readonly double alpha;
        private readonly double[] ofNumerator, ofDenominator, numeratorGram, denominatorGram, mean;

        public Problem(KernelColumns columns, double bandwidth, double alpha)
        {
            (n, m, b, this.alpha) = (columns.Numerator, columns.Denominator, columns.Count, alpha);
            ofNumerator = columns.OfNumerator(bandwidth);
            ofDenominator = columns.OfDenominator(bandwidth);
            numeratorGram = KernelColumns.Gram(ofNumerator, n, b);
            denominatorGram = KernelColumns.Gram(ofDenominator, m, b);
            mean = KernelColumns.Mean(ofNumerator, n, b);
        }

        public double[] Solve(double penalty)
        {
            double[] theta = [.. mean];
            Cholesky.Solve(Factor(alpha, 1 - alpha, penalty), b, b, theta);
            return Clip(theta);
        }

        public double Divergence(double[] theta) =>
            -alpha / 2 * MeanSquare(ofNumerator, n, theta) - (1 - alpha) / 2 * MeanSquare(ofDenominator, m, theta)
            + TensorPrimitives.Dot<double>(mean, theta) - 0.5;

        public double LeaveOneOut(double penalty)
        {
            // Without pair i: H = B − k_x k_xᵀ α/(n − 1) − k_y k_yᵀ (1 − α)/(m − 1), whose inverse is B's and a correction.
            double first = alpha / (n - 1), second = (1 - alpha) / (m - 1);
            double[] factor = Factor(first * n, second * m, penalty), inverse = new double[b * b];
            Cholesky.InvertFromFactor(factor, b, b, inverse, b);
            int pairs = Math.Min(n, m);
            double[] byX = Times(ofNumerator, pairs, inverse), byY = Times(ofDenominator, pairs, inverse);
            double[] whole = [.. mean];
            Cholesky.Solve(factor, b, b, whole);
            var theta = new double[b];
            double score = 0;
            for (int i = 0; i < pairs; i++)
            {
                ReadOnlySpan<double> x = ofNumerator.AsSpan(i * b, b), y = ofDenominator.AsSpan(i * b, b);
                ReadOnlySpan<double> px = byX.AsSpan(i * b, b), py = byY.AsSpan(i * b, b);
                for (int l = 0; l < b; l++)
                    theta[l] = (n * whole[l] - px[l]) / (n - 1);
                // (I − C UᵀB⁻¹U) s = C Uᵀ θ, U = [k_x, k_y].
                double xx = 1 - first * TensorPrimitives.Dot(x, px), xy = -first * TensorPrimitives.Dot(x, py);
                double yx = -second * TensorPrimitives.Dot(y, px), yy = 1 - second * TensorPrimitives.Dot(y, py);
                double u = first * TensorPrimitives.Dot<double>(x, theta), v = second * TensorPrimitives.Dot<double>(y, theta);
                double determinant = xx * yy - xy * yx, s = (u * yy - v * xy) / determinant, t = (v * xx - u * yx) / determinant;
                for (int l = 0; l < b; l++)
                    theta[l] = Math.Max(0, theta[l] + s * px[l] + t * py[l]);
                double rx = TensorPrimitives.Dot<double>(x, theta), ry = TensorPrimitives.Dot<double>(y, theta);
                score += alpha / 2 * rx * rx + (1 - alpha) / 2 * ry * ry - rx;
            }
            return score / pairs;
        }

        private double[] Factor(double first, double second, double penalty)
        {
            var h = new double[b * b];
            for (int i = 0; i < h.Length; i++)
                h[i] = first * numeratorGram[i] + second * denominatorGram[i];
            for (int l = 0; l < b; l++)
                h[l * b + l] += penalty;
            if (!Cholesky.TryFactor(h, b, b, out _))
                throw new ArgumentException($"Regularization {penalty} is too small: the kernels' matrix is singular.");
            return h;
        }

        private double[] Times(double[] kernels, int rows, double[] inverse)
        {
            var product = new double[rows * b];
            Gemm.Accumulate(rows, b, b, 1, kernels, b, false, inverse, b, false, product, b);
            return product;
        }

        private double MeanSquare(double[] kernels, int rows, double[] theta)
        {
            var ratios = new double[rows];
            Gemv.Multiply(kernels, rows, b, b, theta, ratios);
            return TensorPrimitives.SumOfSquares<double>(ratios) / rows;
        }

        private static double[] Clip(double[] theta)
        {
            TensorPrimitives.Max(theta, 0.0, theta);
            return theta;
        }
    }
}
