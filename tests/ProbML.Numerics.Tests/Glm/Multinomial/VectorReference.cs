using System.Text.Json;

namespace ProbML.Tests;

/// <summary>What the golden files of multinomial, ordinal and Tobit models say, and how fits are held against it.</summary>
internal static class VectorReference
{
    private const double Tolerance = 1e-8;

    public static void AssertAgrees(
        ReferenceCase golden, IReadOnlyList<GlmCoefficient> coefficients, double[,] covariance, LikelihoodStatistics s)
    {
        var results = golden.Results;
        string[] names = [.. results.GetProperty("coefficient_names").EnumerateArray().Select(e => e.GetString()!)];
        var kept = coefficients.Where(c => !c.IsAliased).ToList();
        Assert.Equal(names, kept.Select(c => c.Name));
        Assert.Equal(Fitting.GlmStatus.Converged, s.Status);
        string errors = results.TryGetProperty("standard_errors", out _) ? "standard_errors" : "laplace_standard_errors";
        double[] expected = ReferenceTests.Doubles(results, "coefficients"), size = ReferenceTests.Doubles(results, errors);
        for (int j = 0; j < kept.Count; j++)
            ReferenceTests.AssertClose("coefficient of " + names[j], expected[j], kept[j].Estimate, 1e-8, 1e-8 * size[j]);
        ReferenceTests.Each(results, errors, kept, c => c.StandardError);
        ReferenceTests.Each(results, "statistics", kept, c => c.Statistic, slack: 1e-7);
        ReferenceTests.Each(results, "p_values", kept, c => c.PValue, 1e-6, 1e-12);
        if (results.TryGetProperty("wald_ci_95", out var wald))
        {
            ReferenceTests.Each(wald, "lower", kept, c => c.Lower, Tolerance, 1e-7 * size.Min());
            ReferenceTests.Each(wald, "upper", kept, c => c.Upper, Tolerance, 1e-7 * size.Min());
        }
        ReferenceTests.Matrix(results, "covariance", covariance);
        ReferenceTests.Matrix(results, "laplace_covariance", covariance);
        ReferenceTests.Number(results, "log_likelihood", s.LogLikelihood);
        ReferenceTests.Number(results, "null_log_likelihood", s.NullLogLikelihood);
        ReferenceTests.Number(results, "deviance", s.Deviance);
        ReferenceTests.Number(results, "null_deviance", s.NullDeviance);
        ReferenceTests.Number(results, "aic", s.Aic);
        ReferenceTests.Number(results, "penalised_objective", s.Objective);
        ReferenceTests.Number(results, "aic_parameter_count", s.ParameterCount);
        ReferenceTests.Number(results, "n_rows", s.Rows);
        ReferenceTests.Number(results, "n_positive_weight", s.PositiveRows);
        ReferenceTests.Number(results, "sum_of_weights", s.SumOfWeights);
        ReferenceTests.Number(results, "df_residual", s.ResidualDegreesOfFreedom);
    }

    /// <summary>The profile-likelihood limits of all parameters, where the file has them: to a millionth of a standard error.</summary>
    public static void AssertProfile(ReferenceCase golden, Design design, VectorGlmModel model)
    {
        if (!golden.Results.TryGetProperty("profile_ci_95", out var limits) || limits.ValueKind == JsonValueKind.Null)
            return;
        var found = GlmProfile.Intervals(design, model).Coefficients;
        double[] lower = ReferenceTests.Doubles(limits, "lower"), upper = ReferenceTests.Doubles(limits, "upper");
        Assert.Equal(lower.Length, found.Count);
        for (int j = 0; j < found.Count; j++)
        {
            double slack = 1e-6 * model.Coefficients[j].StandardError;
            ReferenceTests.AssertClose("lower end of " + found[j].Name, lower[j], found[j].Lower, 0, slack);
            ReferenceTests.AssertClose("upper end of " + found[j].Name, upper[j], found[j].Upper, 0, slack);
        }
    }

    /// <summary>The test of leaving a column out, where the file has one.</summary>
    public static void AssertTest(ReferenceCase golden, Func<MatrixDesign, (LikelihoodStatistics, LikelihoodRatioTest)> reduce)
    {
        if (!golden.Results.TryGetProperty("likelihood_ratio_test", out var test) || test.ValueKind == JsonValueKind.Null)
            return;
        var (reduced, found) = reduce(golden.Design(test.GetProperty("dropped_column").GetString()!));
        ReferenceTests.Number(test, "df", found.DegreesOfFreedom);
        ReferenceTests.Number(test, "log_likelihood_reduced", reduced.LogLikelihood);
        ReferenceTests.Number(test, "statistic", found.Statistic, slack: 1e-9);
        ReferenceTests.Number(test, "p_value", found.PValue, 1e-6, 1e-12);
    }

    public static void AssertRows(ReferenceCase golden, Func<double[], double[]> probabilities)
    {
        double[][] expected = [.. golden.Results.GetProperty("mean_first_rows").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        foreach (var (row, i) in Rows(golden.Design(), expected.Length).Select((row, i) => (row, i)))
        {
            double[] found = probabilities(row);
            for (int k = 0; k < found.Length; k++)
                ReferenceTests.AssertClose($"row {i + 1}, class {k}", expected[i][k], found[k], 1e-7, 1e-11);
        }
    }

    public static IEnumerable<double[]> Rows(MatrixDesign design, int count)
    {
        var buffer = new RowBuffer(count, design.FeatureCount);
        using var reader = design.OpenReader();
        Assert.True(reader.Read(buffer));
        return [.. Enumerable.Range(0, buffer.Count).Select(i => buffer.Block.Row(i).ToArray())];
    }

    /// <summary>[n, width] outputs of a model.</summary>
    public static float[][] Score<TModel>(TModel model, double[][] rows, double[]? labels = null)
        where TModel : class, IScoringModel<TModel>
    {
        int width = model.Outputs.Sum(c => c.Width);
        var values = new float[rows.Length * width];
        model.Score(
            new RowBlock(rows.Length, model.FeatureCount, rows.SelectMany(r => r).ToArray(), labels),
            new OutputBlock(values, width));
        return [.. values.Chunk(width)];
    }

    public static byte[] Saved<TModel>(TModel model)
        where TModel : class, IScoringModel<TModel>
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        model.Write(writer);
        return stream.ToArray();
    }

    public static TModel Loaded<TModel>(byte[] bytes)
        where TModel : class, IScoringModel<TModel> => TModel.Read(new BinaryReader(new MemoryStream(bytes)));

    /// <summary>n rows of two features; classes by cutting x1 − x2 + noise at the points.</summary>
    public static MatrixDesign Cut(
        Func<double, double> noise, double[] points, int n = 600, int seed = 5, bool weights = false, bool repeat = false)
    {
        var random = new Random(seed);
        List<double> x = [], y = [], w = [];
        for (int i = 0; i < n; i++)
        {
            double a = 3 * random.NextDouble() - 1, b = 10 + 5 * random.NextDouble();
            double latent = a - 0.4 * (b - 12) + noise(random.NextDouble());
            int weight = weights ? 1 + random.Next(3) : 1;
            for (int copy = 0; copy < (repeat ? weight : 1); copy++)
            {
                x.AddRange([a, b]);
                y.Add(points.Count(point => latent > point));
                w.Add(weight);
            }
        }
        return new MatrixDesign([.. x], [.. y], weights: weights && !repeat ? [.. w] : null);
    }

    public static double Logistic(double u) => Math.Log(u / (1 - u));
}
