using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

    /// <summary>H and h of one width, for a closed form and leaving out in closed form.</summary>
    internal sealed class LeastSquaresProblem
    {
        private readonly int n, m, b;
        private readonly double alpha;
        private readonly double[] ofNumerator, ofDenominator, numeratorGram, denominatorGram, mean;

        public LeastSquaresProblem(KernelColumns columns, double bandwidth, double alpha)
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

        /// <summary>The minimum over θ ≥ 0.</summary>
    public double[] SolveConstrained(double penalty, TrainingMonitor? monitor)
    {
        var h = new double[b * b];
        TensorPrimitives.MultiplyAdd(numeratorGram, alpha, h, h);
        TensorPrimitives.MultiplyAdd(denominatorGram, 1 - alpha, h, h);
        var theta = new double[b];
        NonNegativeNewton.Minimise(new PenalisedSquares(h, mean, penalty), theta, monitor);
        return theta;
    }

    /// <summary>The least leave-one-out score, and the penalty that has it.</summary>
    public (double Score, double Penalty) Best(double[] penalties) =>
        penalties.Select(penalty => (Score: LeaveOneOut(penalty), Penalty: penalty)).MinBy(one => one.Score);

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
