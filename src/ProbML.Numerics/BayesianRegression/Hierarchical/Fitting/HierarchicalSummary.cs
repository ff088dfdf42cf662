using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>A posterior in the words of the columns as they are given.</summary>
internal static class HierarchicalSummary
{
    /// <summary>R's tolerance of isSingular, relative to √φ.</summary>
    private const double SingularTolerance = 1e-4;

    /// <summary>The fixed coefficients, and their covariance.</summary>
    public static (BayesianCoefficient[] Coefficients, double[,] Covariance) Fixed(HierarchicalParts parts, HierarchicalPosterior posterior)
    {
        var (layout, transform) = (posterior.Layout, posterior.Transform);
        int p = layout.Fixed;
        double[] t = transform.ToOriginal(out int rows);
        string[] names = transform.Intercept ? [BayesianCoefficient.Intercept, .. parts.FeatureNames] : parts.FeatureNames;
        if (posterior.Draws is { } draws)
            return FromDraws(parts, draws, layout, t, names);
        double[,] covariance = GlmCoefficientTable.Sandwich(t, p, posterior.FixedCovariance, 1);
        var kept = KeptRows(transform);
        double reach = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        var coefficients = new BayesianCoefficient[rows];
        for (int j = 0; j < rows; j++)
        {
            double mean = TensorPrimitives.Dot<double>(t.AsSpan(j * p, p), posterior.Mean.Border.AsSpan(layout.Random, p));
            double sd = Math.Sqrt(Math.Max(0, covariance[j, j]));
            coefficients[j] = new(names[j], mean, sd, mean, mean - reach * sd, mean + reach * sd) { IsPruned = !kept.Contains(j) };
        }
        return (coefficients, covariance);
    }

    /// <summary>Σ of each factor, in the order in which effects were given.</summary>
    public static VarianceComponent[] Components(HierarchicalParts parts, HierarchicalPosterior posterior)
    {
        var layout = posterior.Layout;
        var components = new VarianceComponent[layout.Factors.Length];
        for (int k = 0, start = 0; k < components.Length; start += CovarianceFactor.Count(layout.Factors[k++]))
        {
            var factor = layout.Factors[k];
            var (sds, correlations) = Describe(factor, posterior.Factors[k], Math.Sqrt(posterior.Dispersion));
            components[k] = new(factor.Effect.Group, factor.Effect.Names, factor.Levels.Length, sds, correlations)
            {
                IsSingular = posterior.Draws is null
                    && Enumerable.Range(0, factor.Width).Any(c => Math.Abs(posterior.Factors[k][c * factor.Width + c]) < SingularTolerance),
                Posterior = posterior.Draws is { } draws ? FromDraws(parts, draws, layout, factor, start) : [],
            };
        }
        return components;
    }

    /// <summary>The coefficients of the groups of a factor, its columns as they are given.</summary>
    public static GroupEstimate[] Groups(HierarchicalParts parts, HierarchicalPosterior posterior, int k)
    {
        var factor = posterior.Layout.Factors[k];
        int q = factor.Width;
        double[] means = k == 0 ? posterior.Mean.Main : posterior.Mean.Border;
        double[] variances = posterior.Draws is { } draws ? SampleVariances(draws, posterior, k) : ConditionalVariances(posterior, k);
        var estimates = new GroupEstimate[factor.Levels.Length];
        for (int g = 0; g < estimates.Length; g++)
        {
            double[] mean = new double[q], sd = new double[q];
            for (int c = 0; c < q; c++)
            {
                mean[c] = factor.Scales[c] * means[posterior.Layout.Starts[k] + g * q + c];
                sd[c] = factor.Scales[c] * Math.Sqrt(Math.Max(0, variances[g * q + c]));
            }
            estimates[g] = new(factor.Levels[g], parts.GroupRows[k][g], mean, sd);
        }
        return estimates;
    }

    /// <summary>Standard deviations and correlations of LLᵀ, times a scale, of columns as they are given.</summary>
    private static (double[] StandardDeviations, double[,] Correlations) Describe(MixedFactor factor, double[] l, double scale)
    {
        int q = factor.Width;
        double[] lengths = [.. Enumerable.Range(0, q).Select(c => TensorPrimitives.Norm<double>(l.AsSpan(c * q, q)))];
        var correlations = new double[q, q];
        for (int c = 0; c < q; c++)
        {
            for (int d = 0; d < q; d++)
                correlations[c, d] = c == d ? 1
                    : TensorPrimitives.Dot<double>(l.AsSpan(c * q, q), l.AsSpan(d * q, q)) / (lengths[c] * lengths[d]);
        }
        return ([.. lengths.Select((length, c) => length * scale * factor.Scales[c])], correlations);
    }

    private static HashSet<int> KeptRows(RowTransform transform)
    {
        int first = transform.Intercept ? 1 : 0;
        HashSet<int> kept = [.. transform.Columns.Select(column => first + column)];
        if (transform.Intercept)
            kept.Add(0);
        return kept;
    }

    private static (BayesianCoefficient[], double[,]) FromDraws(
        HierarchicalParts parts, HierarchicalDraws draws, MixedLayout layout, double[] t, string[] names)
    {
        int rows = names.Length;
        double[][] columns = FixedDraws(draws, layout, t, rows);
        double[] means = [.. columns.Select(column => column.Average())];
        var covariance = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                for (int s = 0; s < draws.Count; s++)
                    covariance[i, j] += (columns[i][s] - means[i]) * (columns[j][s] - means[j]) / Math.Max(1, draws.Count - 1);
            }
        }
        int chains = parts.Diagnostics?.Chains ?? 0;
        return ([.. names.Select((name, j) => PosteriorTable.FromSample(name, columns[j], parts.Level, chains))], covariance);
    }

    private static BayesianCoefficient[] FromDraws(
        HierarchicalParts parts, HierarchicalDraws draws, MixedLayout layout, MixedFactor factor, int start)
    {
        int chains = parts.Diagnostics?.Chains ?? 0;
        return [.. ScaleDraws(draws, layout, factor, start).Select(one => PosteriorTable.FromSample(one.Name, one.Values, parts.Level, chains))];
    }

    /// <summary>Draws of the fixed coefficients, then of standard deviations and correlations, [parameters][S].</summary>
    public static double[][] Draws(HierarchicalPosterior posterior)
    {
        var (layout, draws) = (posterior.Layout, posterior.Draws!);
        double[] t = posterior.Transform.ToOriginal(out int rows);
        var all = new List<double[]>(FixedDraws(draws, layout, t, rows));
        for (int k = 0, start = 0; k < layout.Factors.Length; start += CovarianceFactor.Count(layout.Factors[k++]))
            all.AddRange(ScaleDraws(draws, layout, layout.Factors[k], start).Select(one => one.Values));
        return [.. all];
    }

    private static double[][] FixedDraws(HierarchicalDraws draws, MixedLayout layout, double[] t, int rows)
    {
        int p = layout.Fixed;
        var columns = new double[rows][];
        for (int j = 0; j < rows; j++)
        {
            columns[j] = new double[draws.Count];
            for (int s = 0; s < draws.Count; s++)
                columns[j][s] = TensorPrimitives.Dot<double>(
                    t.AsSpan(j * p, p), draws.Border.AsSpan(s * layout.Border + layout.Random, p));
        }
        return columns;
    }

    private static List<(string Name, double[] Values)> ScaleDraws(HierarchicalDraws draws, MixedLayout layout, MixedFactor factor, int start)
    {
        int q = factor.Width;
        var (names, group) = (factor.Effect.Names, factor.Effect.Group);
        var sds = Enumerable.Range(0, q).Select(c => (Name: $"sd({names[c]}|{group})", Values: new double[draws.Count])).ToList();
        var correlations = new List<(int Left, int Right, double[] Values)>();
        for (int c = 0; factor.Effect.Correlated && c < q; c++)
        {
            for (int d = 0; d < c; d++)
                correlations.Add((d, c, new double[draws.Count]));
        }
        for (int s = 0; s < draws.Count; s++)
        {
            var l = new double[q * q];
            int at = s * layout.ThetaCount + start;
            foreach (var (row, column) in CovarianceFactor.Entries(factor))
                l[row * q + column] = draws.Scales[at++];
            var (sd, correlation) = Describe(factor, l, 1);
            for (int c = 0; c < q; c++)
                sds[c].Values[s] = sd[c];
            foreach (var (left, right, values) in correlations)
                values[s] = correlation[right, left];
        }
        return [.. sds, .. correlations.Select(pair => ($"cor({names[pair.Left]},{names[pair.Right]}|{group})", pair.Values))];
    }

    private static double[] SampleVariances(HierarchicalDraws draws, HierarchicalPosterior posterior, int k)
    {
        var layout = posterior.Layout;
        int count = layout.Factors[k].Count, stride = k == 0 ? count : layout.Border;
        double[] values = k == 0 ? draws.Main : draws.Border, means = k == 0 ? posterior.Mean.Main : posterior.Mean.Border;
        var variances = new double[count];
        for (int s = 0; s < draws.Count; s++)
        {
            for (int i = 0, from = layout.Starts[k]; i < count; i++)
            {
                double gap = values[s * stride + from + i] - means[from + i];
                variances[i] += gap * gap / Math.Max(1, draws.Count - 1);
            }
        }
        return variances;
    }

    /// <summary>Variances given the fixed coefficients.</summary>
    private static double[] ConditionalVariances(HierarchicalPosterior posterior, int k)
    {
        var (layout, covariance) = (posterior.Layout, posterior.Covariance!);
        int q = layout.Factors[k].Width, r = layout.Random;
        double[] given = GivenFixed(covariance);
        var variances = new double[layout.Factors[k].Count];
        if (k > 0)
        {
            for (int i = 0; i < variances.Length; i++)
                variances[i] = given[(layout.Starts[k] + i) * r + layout.Starts[k] + i];
            return variances;
        }
        for (int j = 0; j < layout.MainGroups; j++)
        {
            int count = covariance.Pattern.Columns(j), m = count + layout.Fixed;
            int[] columns = [.. covariance.Pattern.Of(j).ToArray().SelectMany(group =>
                Enumerable.Range(layout.ColumnOf[group], layout.WidthOf[group]))];
            for (int c = 0; c < q; c++)
            {
                variances[j * q + c] = covariance.Groups[(j * q + c) * q + c];
                var slope = covariance.Slopes.AsSpan(covariance.Pattern.Offset(j) + j * q * layout.Fixed + c * m, count);
                for (int a = 0; a < count; a++)
                {
                    for (int b = 0; b < count; b++)
                        variances[j * q + c] += slope[a] * slope[b] * given[columns[a] * r + columns[b]];
                }
            }
        }
        return variances;
    }

    /// <summary>Of the border, V of the random coefficients given the fixed ones, [r, r].</summary>
    private static double[] GivenFixed(MixedCovariance covariance)
    {
        int r = covariance.Layout.Random, p = covariance.Layout.Fixed, n = r + p;
        double[] given = new double[r * r], cross = new double[p * r], factor = new double[p * p];
        for (int i = 0; i < r; i++)
            covariance.Border.AsSpan(i * n, r).CopyTo(given.AsSpan(i * r));
        if (p == 0 || r == 0)
            return given;
        for (int i = 0; i < p; i++)
        {
            covariance.Border.AsSpan((r + i) * n, r).CopyTo(cross.AsSpan(i * r));
            covariance.Border.AsSpan((r + i) * n + r, p).CopyTo(factor.AsSpan(i * p));
        }
        double[] solved = [.. cross];
        if (!Cholesky.TryFactor(factor, p, p, out _))
            return given;
        Cholesky.Solve(factor, p, p, solved, r, r);
        Gemm.Accumulate(r, r, p, -1, cross, r, true, solved, r, false, given, r);
        return given;
    }
}
