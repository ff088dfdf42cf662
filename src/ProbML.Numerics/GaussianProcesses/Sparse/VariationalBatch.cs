using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>Some rows of a stochastic variational Gaussian process: their bound and its derivatives, as if they were all rows.</summary>
/// <remarks>
/// Hensman, Fusi &amp; Lawrence (2013), eq. 4; whitened, u = L v: f at row i has mean m + vᵢᵀ μ and variance kᵢᵢ − |vᵢ|² + vᵢᵀ S vᵢ,
/// vᵢ = L⁻¹ kᵢ. Through L the derivatives go as in Murray (2016), Differentiation of the Cholesky Decomposition, eq. 10.
/// </remarks>
internal sealed class VariationalBatch
{
    private readonly InducingCovariance inducing;
    private readonly InputColumns x;
    private readonly double[] y, weights, diagonal, whitened;
    private readonly double[]? offsets;
    private readonly double meanConstant, scale;
    private readonly int threads;

    /// <summary>Rows against inducing inputs.</summary>
    /// <param name="inducing">K_mm.</param>
    /// <param name="x">[b, d].</param>
    /// <param name="y">[b].</param>
    /// <param name="weights">[b], prior weights.</param>
    /// <param name="meanConstant">m.</param>
    /// <param name="scale">All rows over these rows, n/b.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <param name="offsets">What is added to f, [b]; null: nothing.</param>
    public VariationalBatch(
        InducingCovariance inducing, InputColumns x, double[] y, double[] weights, double meanConstant, double scale, int threads,
        double[]? offsets = null)
    {
        this.offsets = offsets;
        (this.inducing, this.x, this.y, this.weights) = (inducing, x, y, weights);
        (this.meanConstant, this.scale, this.threads) = (meanConstant, scale, threads);
        int b = x.Rows;
        whitened = new double[inducing.Count * b];
        GramMatrix.Cross(inducing.Kernel, inducing.Inputs, x, whitened, threads);
        inducing.Whiten(whitened, b, threads);
        diagonal = new double[b];
        Span<double> row = new double[x.Features];
        for (int i = 0; i < b; i++)
        {
            x.CopyRow(i, row);
            diagonal[i] = inducing.Kernel.Diagonal(row);
        }
    }

    /// <summary>q after a natural-gradient step; the step is halved where it leaves the precisions.</summary>
    public VariationalNormal Step(IExpectedLogDensity likelihood, VariationalNormal q, double step)
    {
        var (gram, projection) = (new double[inducing.Count * inducing.Count], new double[inducing.Count]);
        AddInformation(likelihood, q, gram, projection);
        for (; step > 1e-6; step *= 0.5)
        {
            if (q.Step(gram, projection, step) is { } next)
                return next;
        }
        return q;
    }

    /// <summary>Adds what the rows say of q's natural parameters, G and g of <see cref="VariationalNormal.Step"/>.</summary>
    /// <returns>(n/b) Σ E ln p(yᵢ | fᵢ); of a conjugate likelihood, whose G and g do not ask for variances, without them.</returns>
    public double AddInformation(IExpectedLogDensity likelihood, VariationalNormal q, double[] gram, double[] projection)
    {
        int m = inducing.Count, b = x.Rows;
        double[] mean = new double[b], precision = new double[b], toward = new double[b];
        double[] variance = likelihood.IsConjugate ? mean : Variances(q, out _);
        double sum = 0;
        bool isConcave = true;
        Gemv.AccumulateTransposed(whitened, m, b, b, q.Mean, mean);
        for (int i = 0; i < b; i++)
        {
            var point = likelihood.Expect(
                y[i], Prior(i) + mean[i], likelihood.IsConjugate ? 0 : variance[i], weights[i], scale, default);
            sum += scale * point.Value;
            precision[i] = -2 * scale * point.ByVariance;
            isConcave &= precision[i] >= 0;
            toward[i] = scale * point.ByMean + precision[i] * mean[i];
        }
        if (isConcave)
        {
            for (int i = 0; i < b; i++)
                precision[i] = Math.Sqrt(precision[i]);
        }
        var scaled = new double[m * b];
        for (int j = 0; j < m; j++)
        {
            var v = whitened.AsSpan(j * b, b);
            projection[j] += TensorPrimitives.Dot<double>(v, toward);
            TensorPrimitives.Multiply(v, precision, scaled.AsSpan(j * b, b));
        }
        if (isConcave)
            Syrk.Accumulate(m, b, 1, scaled, b, false, gram, m, threads);
        else
            Gemm.Accumulate(m, m, b, 1, scaled, b, false, whitened, b, true, gram, m, threads);
        return sum;
    }

    /// <summary>(n/b) Σ E ln p(yᵢ | fᵢ) − KL(q ‖ prior).</summary>
    public double Bound(IExpectedLogDensity likelihood, VariationalNormal q) =>
        Expect(likelihood, q, default, out _, out _, out _) - q.KlToPrior();

    /// <summary>The bound and its derivatives: by the kernel, the likelihood, m and Z, q held fixed.</summary>
    public (double Bound, VariationalGradient Gradient) Gradient(IExpectedLogDensity likelihood, VariationalNormal q)
    {
        int m = inducing.Count, b = x.Rows;
        double[] byKernel = new double[inducing.Kernel.ParameterCount], byInducing = new double[m * x.Features];
        double[] byLikelihood = new double[likelihood.FreeParameters.Length];
        double value = Expect(likelihood, q, byLikelihood, out double[] byMean, out double[] byVariance, out double[] product);
        Span<double> row = new double[x.Features];
        for (int i = 0; i < b; i++)
        {
            x.CopyRow(i, row);
            inducing.Kernel.AddDiagonalGradient(row, byVariance[i], byKernel);
        }
        // ∂F/∂vᵢ = gᵢ μ + 2 hᵢ (S − I) vᵢ, in the place of S vᵢ; then ∂F/∂kᵢ = L⁻ᵀ ∂F/∂vᵢ.
        for (int j = 0; j < m; j++)
        {
            var own = product.AsSpan(j * b, b);
            TensorPrimitives.Subtract(own, whitened.AsSpan(j * b, b), own);
            TensorPrimitives.Multiply(own, byVariance, own);
            TensorPrimitives.Multiply(own, 2, own);
            TensorPrimitives.MultiplyAdd(byMean, q.Mean[j], own, own);
        }
        inducing.BackSubstitute(product, b, threads);
        inducing.AddCross(x, product, threads, 1, byKernel, byInducing);
        inducing.AddGradient(ThroughFactor(product), byKernel, byInducing);
        return (value - q.KlToPrior(), new(byKernel, byLikelihood, TensorPrimitives.Sum<double>(byMean), byInducing));
    }

    /// <summary>∂F/∂K_mm from ∂F/∂L = −tril(H Vᵀ).</summary>
    private double[] ThroughFactor(double[] byCross)
    {
        int m = inducing.Count, b = x.Rows;
        double[] byFactor = new double[m * m], product = new double[m * m];
        Gemm.Accumulate(m, m, b, -1, byCross, b, false, whitened, b, true, byFactor, m, threads);
        for (int j = 0; j < m; j++)
            byFactor.AsSpan(j * m + j + 1, m - j - 1).Clear();
        Gemm.Accumulate(m, m, m, 1, inducing.Factor, m, true, byFactor, m, false, product, m, threads);
        for (int j = 0; j < m; j++)
            for (int k = 0; k <= j; k++)
                product[k * m + j] = product[j * m + k] *= 0.5;
        inducing.Enclose(product);
        return product;
    }

    /// <summary>What f has for mean before any row is seen, offset included.</summary>
    private double Prior(int i) => meanConstant + (offsets is null ? 0 : offsets[i]);

    private double Expect(
        IExpectedLogDensity likelihood, VariationalNormal q, Span<double> byLikelihood, out double[] byMean, out double[] byVariance,
        out double[] product)
    {
        int m = inducing.Count, b = x.Rows;
        double[] mean = new double[b], variance = Variances(q, out product);
        (byMean, byVariance) = (new double[b], new double[b]);
        Gemv.AccumulateTransposed(whitened, m, b, b, q.Mean, mean);
        double sum = 0;
        for (int i = 0; i < b; i++)
        {
            var point = likelihood.Expect(y[i], Prior(i) + mean[i], variance[i], weights[i], scale, byLikelihood);
            sum += scale * point.Value;
            byMean[i] = scale * point.ByMean;
            byVariance[i] = scale * point.ByVariance;
        }
        return sum;
    }

    /// <summary>Of f, [b], and S V, [m, b].</summary>
    private double[] Variances(VariationalNormal q, out double[] product)
    {
        int m = inducing.Count, b = x.Rows;
        product = new double[m * b];
        Gemm.Accumulate(m, b, m, 1, q.Covariance, m, false, whitened, b, false, product, b, threads);
        double[] variance = [.. diagonal], difference = new double[b];
        for (int j = 0; j < m; j++)
        {
            var v = whitened.AsSpan(j * b, b);
            TensorPrimitives.Subtract(product.AsSpan(j * b, b), v, difference);
            TensorPrimitives.MultiplyAdd(v, difference, variance, variance);
        }
        for (int i = 0; i < b; i++)
            variance[i] = Math.Max(0, variance[i]);              // rounding
        return variance;
    }
}

/// <summary>The derivatives of a stochastic bound.</summary>
/// <param name="Kernel">By each free parameter of the kernel.</param>
/// <param name="Likelihood">By each free parameter of the likelihood.</param>
/// <param name="MeanConstant">By m.</param>
/// <param name="Inducing">By Z, [m, d].</param>
internal sealed record VariationalGradient(double[] Kernel, double[] Likelihood, double MeanConstant, double[] Inducing);
