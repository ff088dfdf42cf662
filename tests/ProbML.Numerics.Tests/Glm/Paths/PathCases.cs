using ProbML.Fitting;

namespace ProbML.Tests;

/// <summary>Paths, and independent ways to the same numbers.</summary>
internal static class PathCases
{
    public static GlmPath Fit(Design design, GlmOptions options, GlmPathOptions path, TrainingMonitor? monitor = null) =>
        new GlmPathFitter(path, options, Task(options)).FitPath(design, monitor ?? TrainingMonitor.None);

    public static PredictionTask Task(GlmOptions options) =>
        options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;

    /// <summary>y = 1 + x₁ − ½ x₂ + noise, the columns correlated.</summary>
    public static (MatrixDesign Design, double[] X, double[] Y) Linear(int n, int d)
    {
        var random = new Random(11);
        double[] x = new double[n * d], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            double common = random.NextDouble();
            for (int j = 0; j < d; j++)
                x[i * d + j] = (1 + j % 3) * (random.NextDouble() + common);
            y[i] = 1 + x[i * d] - 0.5 * x[i * d + 1] + 0.3 * NormalDistribution.Quantile(random.NextDouble());
        }
        return (new MatrixDesign(x, y), x, y);
    }

    /// <summary>Minimises ½‖y − β₀ − Xβ‖² + l1 Σ|βⱼ| + ½ l2 Σβⱼ² by solving for each of the 3ᵈ patterns of signs.</summary>
    public static double[] SearchSigns(double[] x, double[] y, int d, double l1, double l2)
    {
        int n = y.Length;
        double meanOfY = y.Average();
        double[] means = [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, n).Average(i => x[i * d + j]))];
        double best = double.PositiveInfinity;
        double[] found = new double[d];
        for (int code = 0; code < Math.Pow(3, d); code++)
        {
            int[] sign = [.. Enumerable.Range(0, d).Select(j => code / (int)Math.Pow(3, j) % 3 - 1)];
            int[] active = [.. Enumerable.Range(0, d).Where(j => sign[j] != 0)];
            var beta = new double[d];
            if (active.Length > 0)
            {
                var a = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(active.Length, active.Length, (r, c) =>
                    Sum(i => Centred(i, active[r]) * Centred(i, active[c])) + (r == c ? l2 : 0));
                var right = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(active.Length, r =>
                    Sum(i => Centred(i, active[r]) * (y[i] - meanOfY)) - l1 * sign[active[r]]);
                var solved = a.Solve(right);
                for (int r = 0; r < active.Length; r++)
                    beta[active[r]] = solved[r];
            }
            if (!Enumerable.Range(0, d).All(j => Math.Sign(beta[j]) == sign[j]))
                continue;
            double rss = Sum(i => Math.Pow(y[i] - meanOfY - Enumerable.Range(0, d).Sum(j => Centred(i, j) * beta[j]), 2));
            double objective = 0.5 * rss + beta.Sum(b => l1 * Math.Abs(b) + 0.5 * l2 * b * b);
            if (objective < best)
                (best, found) = (objective, beta);
        }
        return found;

        double Centred(int i, int j) => x[i * d + j] - means[j];
        double Sum(Func<int, double> term) => Enumerable.Range(0, n).Sum(term);
    }

    public static double Deviation(double[] x, int d, int j)
    {
        double[] column = [.. x.Where((_, i) => i % d == j)];
        return Math.Sqrt(column.Average(v => v * v) - column.Average() * column.Average());
    }

    /// <summary>∂l/∂(β₀, β) by its formula, and Σw.</summary>
    public static (double[] Gradient, double Weights) Gradient(Design design, GlmOptions options, IReadOnlyList<double> beta)
    {
        var gradient = new double[beta.Count];
        double weights = 0;
        foreach (var row in Rows(design))
        {
            double eta = beta[0] + row.Offset + row.X.Select((value, j) => value * beta[j + 1]).Sum();
            var mean = (options.Link ?? options.Family!.CanonicalLink).Inverse(eta);
            double score = row.Weight * (row.Y - mean.Mean) * mean.Slope / options.Family!.UnitVariance(mean);
            gradient[0] += score;
            for (int j = 0; j < row.X.Length; j++)
                gradient[j + 1] += score * row.X[j];
            weights += row.Weight;
        }
        return (gradient, weights);
    }

    public static IEnumerable<(double[] X, double Y, double Weight, double Offset)> Rows(Design design)
    {
        var buffer = new RowBuffer(64, design.FeatureCount);
        using var reader = design.OpenReader();
        while (reader.Read(buffer))
        {
            for (int i = 0; i < buffer.Count; i++)
                yield return (buffer.Features.AsSpan(i * design.FeatureCount, design.FeatureCount).ToArray(),
                    buffer.Response[i], buffer.Weights[i], buffer.Offsets[i]);
        }
    }

    /// <summary>The same design with the rows of one fold, or those outside it, at weight zero.</summary>
    public static MatrixDesign Without(Design design, int folds, int seed, int fold)
    {
        var assignment = new FoldAssignment(folds, seed);
        var rows = Rows(design).ToList();
        return new MatrixDesign(
            [.. rows.SelectMany(r => r.X)],
            [.. rows.Select(r => r.Y)],
            weights: [.. rows.Select((r, i) => assignment.Of(i + 1) == fold ? 0 : r.Weight)],
            offsets: [.. rows.Select(r => r.Offset)]);
    }

    public static void AssertClose(IEnumerable<double> expected, IEnumerable<double> found, double tolerance)
    {
        double[] e = [.. expected], f = [.. found];
        double scale = e.Max(Math.Abs);
        Assert.Equal(e.Length, f.Length);
        for (int j = 0; j < e.Length; j++)
            Assert.True(Math.Abs(e[j] - f[j]) <= tolerance * Math.Max(Math.Abs(e[j]), 1e-2 * scale), $"{j}: {e[j]:R}, found {f[j]:R}");
    }
}
