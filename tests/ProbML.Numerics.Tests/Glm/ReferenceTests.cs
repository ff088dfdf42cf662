using System.Text.Json;

namespace ProbML.Tests;

/// <summary>Every golden file of the families that exist, every number in it.</summary>
public sealed class ReferenceTests
{
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Ids => [.. ReferenceCase.Ids()];

    [Theory, MemberData(nameof(Ids))]
    public void Fit_agrees_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        var model = Fit(golden);
        var results = golden.Results;
        Assert.Equal(GlmStatus(results), model.Converged);
        string[] names = [.. results.GetProperty("coefficient_names").EnumerateArray().Select(e => e.GetString()!)];
        var kept = model.Coefficients.Where(c => !c.IsAliased).ToList();
        Assert.Equal(names, kept.Select(c => c.Name));

        double[] coefficients = Doubles(results, "coefficients");
        double[]? errors = Optional(results, "standard_errors") ?? Optional(results, "laplace_standard_errors");
        for (int j = 0; j < kept.Count; j++)
            AssertClose("coefficient of " + names[j], coefficients[j], kept[j].Estimate, slack: 1e-6 * errors?[j] ?? 0);
        Each(results, "standard_errors", kept, c => c.StandardError);
        Each(results, "statistics", kept, c => c.Statistic, slack: 1e-6);
        Each(results, "p_values", kept, c => c.PValue, Tolerance * 100, 1e-12);
        if (results.TryGetProperty("wald_ci_95", out var wald))
        {
            Each(wald, "lower", kept, c => c.Lower, Tolerance, 1e-6 * errors!.Min());
            Each(wald, "upper", kept, c => c.Upper, Tolerance, 1e-6 * errors!.Min());
        }
        Matrix(results, "covariance", model.Covariance);
        Matrix(results, "covariance_observed_information", model.ObservedCovariance);
        Matrix(results, "joint_observed_covariance_with_theta", model.JointCovarianceWithTheta);
        Laplace(results, model);
        Statistics(results, model);
        Rows(results, model, golden.Design());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Likelihood_ratio_test_agrees_with_the_reference(string id)
    {
        var golden = ReferenceCase.Load(id);
        if (!golden.Results.TryGetProperty("likelihood_ratio_test", out var test) || test.ValueKind == JsonValueKind.Null)
            return;
        var full = Fit(golden);
        string dropped = test.GetProperty("dropped_column").GetString()!;
        var fitter = new GlmFitter(golden.Options(), golden.Task);
        var reduced = fitter.Fit(golden.Design(dropped), TrainingMonitor.None);
        var found = LikelihoodRatioTest.Compare(reduced, full);
        Assert.Equal(test.GetProperty("df").GetInt32(), found.DegreesOfFreedom);
        Number(test, "statistic", found.Statistic, slack: 1e-9);
        Number(test, "p_value", found.PValue, 1e-6, 1e-12);
        Number(test, "f_statistic", found.FStatistic, slack: 1e-9);
        Number(test, "f_p_value", found.FPValue, 1e-6, 1e-12);
        Number(test, "deviance_reduced", reduced.Statistics.Deviance);
        Number(test, "log_likelihood_reduced", reduced.Statistics.LogLikelihood);
        Number(test, "theta_reduced", reduced.Statistics.Theta ?? double.NaN);
    }

    [Fact]
    public void Every_reference_file_is_in_the_table_or_belongs_to_a_later_family()
    {
        string folder = SharedFolder.Require("reference", "glm");
        int later = Directory.EnumerateFiles(folder, "*.json").Count(
            f => Path.GetFileName(f).Split('_')[0] is "multinomial" or "ordinal" or "tobit");
        Assert.Equal(Directory.EnumerateFiles(folder, "*.json").Count() - later, ReferenceCase.Ids().Count());
        Assert.Equal(73, ReferenceCase.Ids().Count());
    }

    private static GlmModel Fit(ReferenceCase golden) =>
        new GlmFitter(golden.Options(), golden.Task).Fit(golden.Design(), TrainingMonitor.None);

    private static bool GlmStatus(JsonElement results) => results.GetProperty("status").GetString() is not null;

    private static void Statistics(JsonElement results, GlmModel model)
    {
        var s = model.Statistics;
        Number(results, "deviance", s.Deviance);
        Number(results, "null_deviance", s.NullDeviance);
        Number(results, "pearson_chi2", s.PearsonChiSquared);
        Number(results, "log_likelihood", s.LogLikelihood);
        Number(results, "aic", s.Aic);
        Number(results, "penalised_objective", PenalisedObjective(model));
        Number(results, "theta", s.Theta ?? double.NaN);
        Number(results, "theta_standard_error", s.ThetaStandardError ?? double.NaN);
        Number(results, "sum_of_weights", s.SumOfWeights);
        Number(results, "n_rows", s.Rows);
        Number(results, "n_positive_weight", s.PositiveRows);
        Number(results, "rank", s.Rank);
        Number(results, "df_residual", s.ResidualDegreesOfFreedom);
        Number(results, "df_null", s.NullDegreesOfFreedom);
        Number(results, "aic_parameter_count", s.ParameterCount ?? double.NaN);
        if (results.TryGetProperty("dispersion", out var dispersion))
            Number(dispersion, "value", s.Dispersion);
    }

    /// <summary>The reference adds the likelihood's constants, which do not depend on the coefficients.</summary>
    private static double PenalisedObjective(GlmModel model) => model.Family is GaussianFamily
        ? model.Statistics.Objective
        : model.Statistics.Objective - 0.5 * model.Statistics.Deviance - model.Statistics.LogLikelihood;

    private static void Laplace(JsonElement results, GlmModel model)
    {
        double phi = model.Statistics.Dispersion;          // the reference is at unit dispersion
        var covariance = model.Covariance;
        for (int i = 0; i < covariance.GetLength(0); i++)
        {
            for (int j = 0; j < covariance.GetLength(1); j++)
                covariance[i, j] /= phi;
        }
        Matrix(results, "laplace_covariance", covariance);
    }

    private static void Rows(JsonElement results, GlmModel model, MatrixDesign design)
    {
        double[] etas = Doubles(results, "linear_predictor_first_rows"), means = Doubles(results, "mean_first_rows");
        var buffer = new RowBuffer(etas.Length, design.FeatureCount);
        using var reader = design.OpenReader();
        Assert.True(reader.Read(buffer));
        double scale = etas.Max(Math.Abs);
        for (int i = 0; i < etas.Length; i++)
        {
            double eta = model.LinearPredictor(buffer.Block.Row(i), buffer.Block.Offset(i)).Eta;
            AssertClose($"eta of row {i + 1}", etas[i], eta, slack: 1e-9 * scale);
            AssertClose($"mean of row {i + 1}", means[i], model.Link.Inverse(eta).Mean, Tolerance * 10, 1e-9 * scale);
        }
    }

    internal static void Each(
        JsonElement results, string name, List<GlmCoefficient> kept, Func<GlmCoefficient, double> value,
        double tolerance = Tolerance, double slack = 0)
    {
        if (Optional(results, name) is not { } expected)
            return;
        for (int j = 0; j < kept.Count; j++)
            AssertClose($"{name} of {kept[j].Name}", expected[j], value(kept[j]), tolerance, slack);
    }

    internal static void Number(
        JsonElement results, string name, double found, double tolerance = Tolerance, double slack = 1e-12)
    {
        if (results.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
            AssertClose(name, value.GetDouble(), found, tolerance, slack);
    }

    internal static void Matrix(JsonElement results, string name, double[,]? found)
    {
        if (!results.TryGetProperty(name, out var rows) || rows.ValueKind == JsonValueKind.Null)
            return;
        double[][] expected = [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        Assert.NotNull(found);
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected.Length; j++)
            {
                double scale = Math.Sqrt(expected[i][i] * expected[j][j]);
                AssertClose($"{name}[{i}, {j}]", expected[i][j], found[i, j], 0, Tolerance * scale);
            }
        }
    }

    internal static double[] Doubles(JsonElement results, string name) => Optional(results, name)!;

    internal static double[]? Optional(JsonElement results, string name) =>
        results.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? double.NaN : e.GetDouble())]
            : null;

    internal static void AssertClose(string what, double expected, double found, double tolerance = Tolerance, double slack = 0)
    {
        double difference = Math.Abs(expected - found);
        Assert.True(
            difference <= tolerance * Math.Abs(expected) + slack,
            $"{what}: expected {expected:R}, found {found:R}, relative difference {difference / Math.Abs(expected):E2}.");
    }
}
