using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>ln p(β) of all coefficients as a function of b, β = T b, or its expectation under b ~ N(m, S).</summary>
internal sealed class PriorTerms
{
    private readonly Prior[]? priors;
    private readonly double[]? mean, precision;             // of a joint prior, for b
    private readonly double constant;
    private readonly double[] t, tinverse;
    private readonly int q;

    public PriorTerms(CoefficientPriors source, RowTransform transform, IReadOnlyList<string> featureNames)
    {
        q = transform.Width;
        t = transform.ToOriginal(out _);
        tinverse = Invert(t, q, transform.Intercept);
        if (source.Joint is null)
        {
            priors = source.Resolve(featureNames, transform.Intercept);
            return;
        }
        var joint = NormalPriorTerms.Of(source, featureNames, transform.Intercept);
        mean = Multiply(tinverse, joint.Mean);
        precision = ToScaled(joint.Precision);
        constant = 0.5 * joint.LogDeterminant - 0.5 * q * Math.Log(2 * Math.PI);
    }

    /// <summary>The independent priors, or null where they are joint.</summary>
    public Prior[]? Independent => priors;

    /// <summary>Whether every prior is normal, flat or part of a joint normal.</summary>
    public bool IsNormal => priors is null || Array.TrueForAll(priors, prior => prior is NormalPrior or FlatPrior);

    public bool IsProper => priors is null || Array.TrueForAll(priors, prior => prior.IsProper);

    /// <summary>T, [q, q].</summary>
    public double[] ToOriginal => t;

    /// <summary>β = T b.</summary>
    public double[] Original(ReadOnlySpan<double> b) => Multiply(t, b);

    /// <summary>b = T⁻¹ β.</summary>
    public double[] Scaled(ReadOnlySpan<double> beta) => Multiply(tinverse, beta);

    /// <summary>Adds ∇ and −∇² with respect to b of (the expectation of) ln p, which is returned.</summary>
    /// <param name="b">b, or its mean, [q].</param>
    /// <param name="covariance">S, [q, q]; empty: b is known.</param>
    /// <param name="gradient">[stride ≥ q].</param>
    /// <param name="information">[stride, stride], both triangles; empty: not wanted.</param>
    /// <param name="stride">The rows of the information.</param>
    public double Add(ReadOnlySpan<double> b, ReadOnlySpan<double> covariance, Span<double> gradient, Span<double> information, int stride)
    {
        if (priors is null)
            return AddJoint(b, covariance, gradient, information, stride);
        double value = 0;
        double[] beta = Original(b), slope = new double[q], curvature = new double[q];
        for (int j = 0; j < q; j++)
        {
            double variance = covariance.IsEmpty ? 0 : Variance(j, covariance);
            var (v, g, c) = Expect(priors[j], beta[j], variance);
            value += v;
            (slope[j], curvature[j]) = (g, c);
        }
        for (int j = 0; j < q; j++)
        {
            for (int i = 0; i < q; i++)
            {
                gradient[i] += t[j * q + i] * slope[j];
                if (information.IsEmpty || t[j * q + i] == 0)
                    continue;
                for (int k = 0; k < q; k++)
                    information[i * stride + k] -= t[j * q + i] * curvature[j] * t[j * q + k];
            }
        }
        return value;
    }

    /// <summary>The gradient of ln p(β) for given β, as NUTS wants it; ln p is returned.</summary>
    public double AddOriginal(ReadOnlySpan<double> beta, Span<double> slope)
    {
        double value = 0;
        for (int j = 0; j < q; j++)
        {
            value += priors![j].LogDensity(beta[j]);
            slope[j] += priors[j].Gradient(beta[j]);
        }
        return value;
    }

    /// <summary>Tᵀ P T.</summary>
    public double[] ToScaled(double[] matrix)
    {
        double[] half = new double[q * q], full = new double[q * q];
        Gemm.Accumulate(q, q, q, 1, matrix, q, false, t, q, false, half, q);
        Gemm.Accumulate(q, q, q, 1, t, q, true, half, q, false, full, q);
        return full;
    }

    private double AddJoint(
        ReadOnlySpan<double> b, ReadOnlySpan<double> covariance, Span<double> gradient, Span<double> information, int stride)
    {
        var gap = new double[q];
        TensorPrimitives.Subtract(b, mean, gap);
        double value = constant;
        for (int i = 0; i < q; i++)
        {
            var row = precision.AsSpan(i * q, q);
            double product = TensorPrimitives.Dot<double>(row, gap);
            value -= 0.5 * gap[i] * product;
            if (!covariance.IsEmpty)
                value -= 0.5 * TensorPrimitives.Dot(row, covariance.Slice(i * q, q));
            gradient[i] -= product;
            if (!information.IsEmpty)
                TensorPrimitives.Add(information.Slice(i * stride, q), row, information.Slice(i * stride, q));
        }
        return value;
    }

    private double Variance(int j, ReadOnlySpan<double> covariance)
    {
        double sum = 0;
        for (int i = 0; i < q; i++)
        {
            if (t[j * q + i] != 0)
                sum += t[j * q + i] * TensorPrimitives.Dot(covariance.Slice(i * q, q), t.AsSpan(j * q, q));
        }
        return Math.Max(0, sum);
    }

    private static (double Value, double Gradient, double Curvature) Expect(Prior prior, double mean, double variance)
    {
        if (variance == 0 || prior is FlatPrior)
            return (prior.LogDensity(mean), prior.Gradient(mean), prior.Curvature(mean));
        if (prior is NormalPrior normal)
            return (prior.LogDensity(mean) - 0.5 * variance * normal.Precision, prior.Gradient(mean), prior.Curvature(mean));
        double value = 0, gradient = 0, curvature = 0, root = Math.Sqrt(variance);
        var rule = GaussianRule.For(root / (prior as StudentTPrior)?.Scale ?? 1);
        for (int k = 0; k < rule.Count; k++)
        {
            double at = mean + root * rule.Node(k), weight = rule.Weight(k);
            value += weight * prior.LogDensity(at);
            gradient += weight * prior.Gradient(at);
            curvature += weight * prior.Curvature(at);
        }
        return (value, gradient, curvature);
    }

    private static double[] Multiply(double[] matrix, ReadOnlySpan<double> vector)
    {
        var product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
            product[i] = TensorPrimitives.Dot(matrix.AsSpan(i * product.Length, product.Length), vector);
        return product;
    }

    /// <summary>Of a diagonal with a first row, which takes back what centring moved.</summary>
    private static double[] Invert(double[] t, int q, bool intercept)
    {
        var inverse = new double[q * q];
        for (int j = 0; j < q; j++)
        {
            inverse[j * q + j] = 1 / t[j * q + j];
            if (intercept && j > 0)
                inverse[j] = -t[j] / t[j * q + j];
        }
        return inverse;
    }
}
