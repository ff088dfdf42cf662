using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The conjugate posterior from moments: A = P + b ZᵀΩZ, mean m₀ + A⁻¹ b Zᵀ Ω (y − Z m₀).</summary>
/// <remarks>
/// Computed for standardised, centred z, in which the priors, stated for the columns as they are, are no longer diagonal: the
/// condition that the data bring in stays that of their correlations. Bishop (2006), §3.3.1; O'Hagan &amp; Forster (2004), §11.3.
/// </remarks>
internal sealed class ConjugateRegression
{
    private const double LogTwoPi = 1.83787706640934548356;

    private readonly LinearMoments moments;
    private readonly RowTransform transform;
    private readonly NormalPriorTerms prior;
    private readonly int q;
    private readonly double[] priorMean, priorPrecision, gram, cross;
    private readonly double scatter, logVolume;

    public ConjugateRegression(LinearMoments moments, NormalPriorTerms prior, bool intercept)
    {
        (this.moments, this.prior) = (moments, prior);
        transform = Coordinates(moments, intercept);
        q = transform.Width;
        double[] t = transform.ToOriginal(out _);
        int first = intercept ? 1 : 0, d = moments.FeatureCount;
        double centre = intercept ? moments.Mean[d] : 0;
        (gram, cross) = (new double[q * q], new double[q]);
        for (int i = 0; i < d; i++)
        {
            double rate = transform.Rate(i);
            cross[first + i] = rate * Moment(i, d);
            for (int j = 0; j <= i; j++)
                gram[(first + i) * q + first + j] = gram[(first + j) * q + first + i] = rate * transform.Rate(j) * Moment(i, j);
            logVolume += Math.Log(rate);
        }
        if (intercept)
            gram[0] = moments.SumOfWeights;
        scatter = Moment(d, d);

        priorMean = new double[q];                        // T⁻¹ m₀, the intercept less ȳ
        for (int j = first; j < q; j++)
            priorMean[j] = prior.Mean[j] / t[j * q + j];
        if (intercept)
        {
            priorMean[0] = prior.Mean[0] - centre;
            for (int j = 1; j < q; j++)
                priorMean[0] -= t[j] * priorMean[j];
        }
        double[] half = new double[q * q];
        priorPrecision = new double[q * q];
        Gemm.Accumulate(q, q, q, 1, prior.Precision, q, false, t, q, false, half, q);
        Gemm.Accumulate(q, q, q, 1, t, q, true, half, q, false, priorPrecision, q);

        double Moment(int i, int j) => moments[i, j] + (intercept ? 0 : moments.SumOfWeights * moments.Mean[i] * moments.Mean[j]);
    }

    /// <summary>Standardised coordinates: centred where there is an intercept.</summary>
    public static RowTransform Coordinates(LinearMoments moments, bool intercept, bool scaled = true)
    {
        int d = moments.FeatureCount;
        double[] rate = new double[d], shift = new double[d];
        for (int j = 0; j < d; j++)
        {
            double mean = moments.Mean[j], variance = moments[j, j] / moments.SumOfWeights;
            double scale = Math.Sqrt(intercept ? variance : variance + mean * mean);
            if (!(scale > 1e-14 * Math.Abs(mean)) || scale < 1e-300)
                scale = Math.Abs(mean) > 0 ? Math.Abs(mean) : 1;
            rate[j] = scaled ? 1 / scale : 1;
            shift[j] = intercept ? -mean * rate[j] : 0;
        }
        return new RowTransform(intercept, d, [.. Enumerable.Range(0, d)], rate, shift, null);
    }

    /// <summary>The posterior at a known noise precision b.</summary>
    public LinearPosterior AtKnownNoise(double b)
    {
        var (mean, covariance, logDeterminant, squares) = Solve(b);
        double n = moments.Count;
        double evidence = -0.5 * n * LogTwoPi + 0.5 * (n * Math.Log(b) + moments.SumOfLogWeights)
            + 0.5 * (prior.LogDeterminant - logDeterminant) - 0.5 * squares;
        return Posterior(mean, covariance, 1 / b, double.PositiveInfinity, evidence);
    }

    /// <summary>The posterior where σ² has an inverse-gamma prior.</summary>
    public LinearPosterior WithInverseGamma(double shape, double scale)
    {
        var (mean, covariance, logDeterminant, squares) = Solve(1);
        double n = moments.Count, shapeN = shape + n / 2, scaleN = scale + squares / 2, noise = scaleN / shapeN;
        double evidence = -0.5 * n * LogTwoPi + 0.5 * moments.SumOfLogWeights + 0.5 * (prior.LogDeterminant - logDeterminant)
            + shape * Math.Log(scale) - shapeN * Math.Log(scaleN)
            + GammaFunctions.LogGamma(shapeN) - GammaFunctions.LogGamma(shape);
        TensorPrimitives.Multiply(covariance, noise, covariance);
        return Posterior(mean, covariance, noise, 2 * shapeN, evidence);
    }

    private LinearPosterior Posterior(double[] mean, double[] covariance, double noise, double freedom, double evidence)
    {
        // γ = tr(A⁻¹ (A − P)) = q − tr(A⁻¹ P), A⁻¹ = covariance (over the noise, for the inverse gamma)
        double unit = double.IsPositiveInfinity(freedom) ? 1 : noise;
        double effective = q - TensorPrimitives.Dot<double>(covariance, priorPrecision) / unit;
        if (transform.Intercept)
            mean[0] += moments.Mean[moments.FeatureCount];
        return new()
        {
            Transform = transform,
            Mean = mean,
            Covariance = covariance,
            DegreesOfFreedom = freedom,
            Noise = noise,
            LogEvidence = prior.IsProper ? evidence : double.NaN,
            EffectiveParameters = effective,
        };
    }

    /// <summary>A⁻¹, ln |A| for the columns as they are, and b RSS + (mean − m₀)ᵀ P (mean − m₀) = b |y − Z m₀|² − δᵀ A δ.</summary>
    private (double[] Mean, double[] Covariance, double LogDeterminant, double Squares) Solve(double b)
    {
        double[] a = new double[q * q], residual = new double[q], scale = new double[q];
        for (int i = 0; i < q * q; i++)
            a[i] = priorPrecision[i] + b * gram[i];
        for (int i = 0; i < q; i++)
            scale[i] = 1 / Math.Sqrt(a[i * q + i]);
        double[] factor = [.. a];
        for (int i = 0; i < q; i++)
        {
            residual[i] = b * (cross[i] - TensorPrimitives.Dot<double>(gram.AsSpan(i * q, q), priorMean));
            for (int j = 0; j < q; j++)
                factor[i * q + j] *= scale[i] * scale[j];
        }
        if (!TryFactor(factor))
            throw new InvalidOperationException(
                $"The {moments.Count} rows do not determine all {q} coefficients, and flat or almost flat priors add nothing: the "
                + "posterior is improper. Give every coefficient a proper prior, such as normal(0,2.5), or leave columns out.");
        double[] step = [.. residual];
        TensorPrimitives.Multiply(step, scale, step);
        Cholesky.Solve(factor, q, q, step);
        TensorPrimitives.Multiply(step, scale, step);
        var covariance = new double[q * q];
        Cholesky.InvertFromFactor(factor, q, q, covariance, q);
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
                covariance[i * q + j] *= scale[i] * scale[j];
        }
        double logDeterminant = Cholesky.LogDeterminant(factor, q, q) - 2 * scale.Sum(Math.Log) - 2 * logVolume;
        double[] mean = new double[q];
        TensorPrimitives.Add(priorMean, step, mean);
        double squares = b * Squares(mean), prior = 0;
        for (int i = 0; i < q; i++)
            prior += step[i] * TensorPrimitives.Dot<double>(priorPrecision.AsSpan(i * q, q), step);
        return (mean, covariance, logDeterminant, squares + prior);
    }

    /// <summary>Σ ω (y − zᵀm)², y and its intercept less ȳ.</summary>
    private double Squares(double[] mean)
    {
        double sum = scatter;
        for (int i = 0; i < q; i++)
            sum += mean[i] * (TensorPrimitives.Dot<double>(gram.AsSpan(i * q, q), mean) - 2 * cross[i]);
        return Math.Max(0, sum);
    }

    /// <summary>Whether the matrix of unit diagonal is positive definite beyond its rounding.</summary>
    private bool TryFactor(double[] factor)
    {
        if (!Cholesky.TryFactor(factor, q, q, out _))
            return false;
        for (int i = 0; i < q; i++)
        {
            if (!(factor[i * q + i] > 1e-7))
                return false;
        }
        return true;
    }
}
