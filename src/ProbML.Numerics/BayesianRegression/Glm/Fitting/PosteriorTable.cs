using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Posteriors in the coordinates of the columns as they are.</summary>
internal static class PosteriorTable
{
    public static (BayesianCoefficient[] Coefficients, double[,] Covariance, BayesianCoefficient? LogDispersion) Describe(
        BayesianGlmParts parts, GlmPosterior posterior)
    {
        string[] names = parts.Intercept ? [BayesianCoefficient.Intercept, .. parts.FeatureNames] : parts.FeatureNames;
        return posterior.Draws.Length > 0 ? FromDraws(names, parts, posterior) : FromNormal(names, parts, posterior);
    }

    /// <summary>[S, p].</summary>
    public static double[,] OriginalDraws(GlmPosterior posterior)
    {
        int n = posterior.Dimension, q = posterior.Transform.Width, count = posterior.Draws.Length / n;
        double[] t = posterior.Transform.ToOriginal(out int p);
        var draws = new double[count, p];
        for (int s = 0; s < count; s++)
        {
            for (int j = 0; j < p; j++)
                draws[s, j] = TensorPrimitives.Dot<double>(t.AsSpan(j * q, q), posterior.Draws.AsSpan(s * n, q));
        }
        return draws;
    }

    private static (BayesianCoefficient[], double[,], BayesianCoefficient?) FromNormal(
        string[] names, BayesianGlmParts parts, GlmPosterior posterior)
    {
        int n = posterior.Dimension, q = posterior.Transform.Width;
        double[] t = posterior.Transform.ToOriginal(out _), covariance = new double[q * q];
        for (int i = 0; i < q && posterior.Covariance.Length > 0; i++)
            posterior.Covariance.AsSpan(i * n, q).CopyTo(covariance.AsSpan(i * q));
        double[,] original = GlmCoefficientTable.Sandwich(t, q, covariance, 1);
        double z = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        var coefficients = names.Select((name, j) =>
            Of(name, TensorPrimitives.Dot<double>(t.AsSpan(j * q, q), posterior.Mean.AsSpan(0, q)), original[j, j])).ToArray();
        var dispersion = posterior.HasTau
            ? Of("log(dispersion)", posterior.Mean[q], posterior.Covariance.Length > 0 ? posterior.Covariance[^1] : 0)
            : null;
        return (coefficients, original, dispersion);

        BayesianCoefficient Of(string name, double mean, double variance)
        {
            double sd = Math.Sqrt(Math.Max(0, variance));
            return new(name, mean, sd, mean, mean - z * sd, mean + z * sd);
        }
    }

    private static (BayesianCoefficient[], double[,], BayesianCoefficient?) FromDraws(
        string[] names, BayesianGlmParts parts, GlmPosterior posterior)
    {
        double[,] draws = OriginalDraws(posterior);
        int count = draws.GetLength(0), p = draws.GetLength(1), n = posterior.Dimension;
        double[][] columns = [.. Enumerable.Range(0, p).Select(j => Enumerable.Range(0, count).Select(s => draws[s, j]).ToArray())];
        double[] means = [.. columns.Select(column => column.Average())];
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int s = 0; s < count; s++)
                    sum += (columns[i][s] - means[i]) * (columns[j][s] - means[j]);
                covariance[i, j] = covariance[j, i] = sum / Math.Max(1, count - 1);
            }
        }
        int chains = posterior.Diagnostics?.Chains ?? 0;
        double[] tau = posterior.HasTau ? [.. Enumerable.Range(0, count).Select(s => posterior.Draws[s * n + n - 1])] : [];
        return (
            [.. names.Select((name, j) => FromSample(name, columns[j], parts.Level, chains))],
            covariance,
            posterior.HasTau ? FromSample("log(dispersion)", tau, parts.Level, chains) : null);
    }

    public static BayesianCoefficient FromSample(string name, double[] values, double level, int chains)
    {
        double mean = values.Average(), variance = values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Length - 1);
        double[] sorted = [.. values.Order()];
        double[][] split = [.. values.Chunk(Math.Max(1, values.Length / Math.Max(1, chains)))];
        return new(
            name,
            mean,
            Math.Sqrt(variance),
            ChainDiagnostics.Quantile(sorted, 0.5),
            ChainDiagnostics.Quantile(sorted, 0.5 - level / 2),
            ChainDiagnostics.Quantile(sorted, 0.5 + level / 2))
        {
            RHat = chains > 0 ? ChainDiagnostics.RHat(split) : null,
            BulkEffectiveSize = chains > 0 ? ChainDiagnostics.BulkEffectiveSize(split) : null,
            TailEffectiveSize = chains > 0 ? ChainDiagnostics.TailEffectiveSize(split) : null,
        };
    }
}
