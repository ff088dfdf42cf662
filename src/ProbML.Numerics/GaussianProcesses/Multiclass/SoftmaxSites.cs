using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>Laplace's approximation of C classes: p(y = c | f) = exp f_c / Σ exp f, each f_c ~ GP(0, k).</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §3.5, algorithm 3.3 with a line search; the gradient with the change of the mode.</remarks>
/// <param name="Weights">a, [C, n]: the mode is K a_c.</param>
/// <param name="Probabilities">π at the mode, [C, n].</param>
/// <param name="Factor">(K + W⁻¹)⁻¹.</param>
/// <param name="LogEvidence">The approximation to ln p(y).</param>
/// <param name="Pull">u, [C, n]; null: not asked for.</param>
/// <param name="Iterations">How many it took.</param>
/// <param name="Converged">Whether it arrived.</param>
internal sealed record SoftmaxSites(
    double[] Weights,
    double[] Probabilities,
    SoftmaxFactor Factor,
    double LogEvidence,
    double[]? Pull,
    int Iterations,
    bool Converged)
{
    private const int MaximumIterations = 200;
    private const double Tolerance = 1e-9;

    /// <summary>Finds the mode.</summary>
    public static SoftmaxSites Find(double[] kernel, LatentRows rows, int classes, double[]? start, bool gradient, int threads)
    {
        int n = rows.Count, size = classes * n;
        double[] a = (double[]?)start?.Clone() ?? new double[size], f = Times(kernel, a, n), p = new double[size];
        double objective = Objective(a, f, rows, classes, p);
        if (start is not null && !(objective > Objective(new double[size], new double[size], rows, classes, p)))
        {
            (a, f) = (new double[size], new double[size]);
            objective = Objective(a, f, rows, classes, p);
        }
        bool converged = false;
        int iteration = 0;
        SoftmaxFactor? factor = null;
        for (; iteration < MaximumIterations && !converged; iteration++)
        {
            objective = Objective(a, f, rows, classes, p);
            factor = SoftmaxFactor.TryCreate(kernel, p, rows, classes, threads);
            if (factor is null)
                break;
            var b = Targets(f, p, rows, classes);
            var step = factor.Apply(Times(kernel, b, n));
            for (int k = 0; k < size; k++)
                step[k] = b[k] - step[k] - a[k];
            var move = Times(kernel, step, n);
            double length = 1;
            var (triedA, triedF) = (new double[size], new double[size]);
            for (; length > 1e-10; length *= 0.5)
            {
                TensorPrimitives.MultiplyAdd(step, length, a, triedA);
                TensorPrimitives.MultiplyAdd(move, length, f, triedF);
                if (Objective(triedA, triedF, rows, classes, p) >= objective - 1e-13 * Math.Abs(objective))
                    break;
            }
            double change = Math.Abs(TensorPrimitives.MaxMagnitude<double>(move));
            double largest = Math.Max(1, Math.Abs(TensorPrimitives.MaxMagnitude<double>(f)));
            if (length <= 1e-10)
            {
                converged = change <= 1e-5 * largest;
                break;
            }
            (a, f) = (triedA, triedF);
            converged = change <= Tolerance * largest;
        }
        objective = Objective(a, f, rows, classes, p);
        factor = SoftmaxFactor.TryCreate(kernel, p, rows, classes, threads)
            ?? throw new InvalidOperationException(
                "A class's probability vanished in rounding: the kernel's variance is far too large. Bound it.");
        return new(
            a, p, factor, objective - 0.5 * factor.LogDeterminant, gradient ? PullOf(kernel, factor, rows, p, classes) : null,
            iteration, converged);
    }

    /// <summary>K v_c for each class, [C, n].</summary>
    public static double[] Times(double[] kernel, double[] v, int n)
    {
        var product = new double[v.Length];
        for (int from = 0; from < v.Length; from += n)
            Gemv.Multiply(kernel, n, n, n, v.AsSpan(from, n), product.AsSpan(from, n));
        return product;
    }

    /// <summary>Σ ln π − ½ Σ a_cᵀ f_c; fills π.</summary>
    private static double Objective(double[] a, double[] f, LatentRows rows, int classes, double[] p)
    {
        int n = rows.Count;
        double sum = -0.5 * TensorPrimitives.Dot<double>(a, f);
        for (int i = 0; i < n; i++)
        {
            double largest = double.NegativeInfinity, total = 0;
            for (int c = 0; c < classes; c++)
                largest = Math.Max(largest, f[c * n + i]);
            for (int c = 0; c < classes; c++)
                total += p[c * n + i] = Math.Exp(f[c * n + i] - largest);
            for (int c = 0; c < classes; c++)
                p[c * n + i] /= total;
            sum += rows.Weight(i) * (f[(int)rows.Y(i) * n + i] - largest - Math.Log(total));
        }
        return sum;
    }

    /// <summary>W f + ∇ ln p(y | f).</summary>
    private static double[] Targets(double[] f, double[] p, LatentRows rows, int classes)
    {
        int n = rows.Count;
        var b = new double[f.Length];
        for (int i = 0; i < n; i++)
        {
            double mean = 0;
            for (int c = 0; c < classes; c++)
                mean += p[c * n + i] * f[c * n + i];
            for (int c = 0; c < classes; c++)
            {
                int k = c * n + i;
                b[k] = rows.Weight(i) * (p[k] * (f[k] - mean) + (rows.Y(i) == c ? 1 : 0) - p[k]);
            }
        }
        return b;
    }

    /// <summary>u = (I − (K + W⁻¹)⁻¹ K) s, s = ∂/∂f of −½ ln |I + KW|: −½ tr(Σᵢ ∂W/∂f) of each row.</summary>
    private static double[] PullOf(double[] kernel, SoftmaxFactor factor, LatentRows rows, double[] p, int classes)
    {
        int n = rows.Count;
        var covariances = factor.Covariances();
        var slopes = new double[p.Length];
        var v = new double[classes];
        for (int i = 0; i < n; i++)
        {
            var block = covariances[i];
            double mean = 0;                              // of v_c = Σ_cc − 2 (Σπ)_c under π
            for (int c = 0; c < classes; c++)
            {
                double with = 0;
                for (int d = 0; d < classes; d++)
                    with += block[c * classes + d] * p[d * n + i];
                v[c] = block[c * classes + c] - 2 * with;
                mean += p[c * n + i] * v[c];
            }
            for (int c = 0; c < classes; c++)
                slopes[c * n + i] = -0.5 * rows.Weight(i) * p[c * n + i] * (v[c] - mean);
        }
        var pull = factor.Apply(Times(kernel, slopes, n));
        TensorPrimitives.Subtract(slopes, pull, pull);
        return pull;
    }
}
