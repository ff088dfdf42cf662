using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>Coefficients and covariances, from the coordinates of the fit back to those of the features.</summary>
internal static class GlmCoefficientTable
{
    public const string InterceptName = "(Intercept)";

    public static IReadOnlyList<GlmCoefficient> Build(GlmModelParts parts)
    {
        var s = parts.Statistics;
        double[] estimates = parts.Transform.Original(parts.Scaled), variances = Variances(parts);
        int rows = estimates.Length, first = rows - parts.FeatureNames.Length;
        long df = parts.WaldDegreesOfFreedom;
        double quantile = Quantile(parts.IsDispersionKnown, df, parts.Options.Level);
        var table = new GlmCoefficient[rows];
        for (int i = 0; i < rows; i++)
        {
            string name = i < first ? InterceptName : parts.FeatureNames[i - first];
            if (parts.Aliasing.TryGetValue(i, out string? why))
            {
                table[i] = new(name, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, why);
                continue;
            }
            double estimate = estimates[i], error = Math.Sqrt(variances[i]), statistic = estimate / error;
            double p = !double.IsFinite(statistic) ? double.NaN
                : parts.IsDispersionKnown
                    ? NormalDistribution.TwoSided(statistic)
                    : StudentT.TwoSided(statistic, df);
            table[i] = new(name, estimate, error, statistic, p, estimate - quantile * error, estimate + quantile * error);
        }
        return table;
    }

    /// <summary>The variances of [intercept, features]; those of aliased ones mean nothing.</summary>
    private static double[] Variances(GlmModelParts parts)
    {
        if (parts.Sparse is not null)
            return [.. parts.Sparse.Variances(parts.Transform).Select(v => parts.Statistics.Dispersion * v)];
        double[,] covariance = ToOriginal(parts, parts.Covariance, parts.Statistics.Dispersion);
        int first = parts.Transform.Intercept ? 1 : 0, kept = 0;
        var result = new double[first + parts.FeatureNames.Length];
        for (int i = 0; i < result.Length; i++)
        {
            if (parts.Aliasing.ContainsKey(i))
                continue;
            result[i] = covariance[kept, kept];
            kept++;
        }
        return result;
    }

    /// <summary>The two-sided quantile: normal where the dispersion is known, Student's t otherwise.</summary>
    public static double Quantile(bool isDispersionKnown, long degreesOfFreedom, double level) =>
        isDispersionKnown ? NormalDistribution.Quantile(0.5 + level / 2)
        : degreesOfFreedom > 0 ? StudentT.Quantile(0.5 + level / 2, degreesOfFreedom)
        : double.NaN;

    /// <summary>φ T C Tᵀ for the coefficients that are estimated, [p, p].</summary>
    public static double[,] ToOriginal(GlmModelParts parts, double[] scaled, double dispersion) =>
        Sandwich(Rows(parts, parts.Transform.Width), parts.Transform.Width, scaled, dispersion);

    /// <summary>The covariance of (β, θ), [p + 1, p + 1].</summary>
    public static double[,] ToOriginalWithTheta(GlmModelParts parts)
    {
        int q = parts.Transform.Width;
        double[] t = [.. Rows(parts, q + 1), .. new double[q], 1];
        return Sandwich(t, q + 1, parts.JointCovariance, 1);
    }

    /// <summary>All but the last row and column.</summary>
    public static double[,] WithoutTheta(double[,] joint)
    {
        int p = joint.GetLength(0) - 1;
        var part = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
                part[i, j] = joint[i, j];
        }
        return part;
    }

    /// <summary>T without the rows of aliased coefficients, [p, q].</summary>
    private static double[] Rows(GlmModelParts parts, int width)
    {
        double[] t = parts.Transform.ToOriginal(out int rows);
        int q = parts.Transform.Width, kept = 0;
        var result = new double[(rows - parts.Aliasing.Count) * width];
        for (int i = 0; i < rows; i++)
        {
            if (!parts.Aliasing.ContainsKey(i))
                t.AsSpan(i * q, q).CopyTo(result.AsSpan(kept++ * width));
        }
        return result;
    }

    /// <summary>factor · T C Tᵀ.</summary>
    internal static double[,] Sandwich(double[] t, int q, double[] c, double factor)
    {
        int p = q == 0 ? 0 : t.Length / q;
        double[] half = new double[p * q], full = new double[p * p];
        Gemm.Accumulate(p, q, q, factor, t, q, false, c, q, false, half, q);
        Gemm.Accumulate(p, p, q, 1, half, q, false, t, q, true, full, p);
        var result = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j <= i; j++)
                result[i, j] = result[j, i] = full[i * p + j];
        }
        return result;
    }
}
