using System.Globalization;
using System.Text.Json.Nodes;
using ProbML.Tests;

namespace ProbML.Cli.Tests;

/// <summary>From the file of rows to the printed JSON: R's numbers come out under the names that the golden files use.</summary>
public sealed class ReferenceTests : IDisposable
{
    private readonly Tool tool = new();

    public static TheoryData<string> Ids() => SharedFolder.Path is not { } shared
        ? ["no reference results"]
        : [.. Directory.EnumerateFiles(Path.Combine(shared, "reference", "glm"), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => tool.Dispose();

    [Theory, MemberData(nameof(Ids))]
    public void Json_agrees_with_R(string id)
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedFolder.Require("reference", "glm", id + ".json")))!;
        var expected = golden["results"]!.AsObject();
        var answer = tool.Run("fit --out {m.zip} --json", Options(golden));
        Assert.True(answer.Code == 0, answer.Error);
        var found = JsonNode.Parse(answer.Output)!.AsObject();
        Assert.Equal((string)golden["family"]!, (string)found["family"]!);
        Assert.Equal((string)golden["link"]!, (string)found["link"]!);
        string[] names = Texts(expected["coefficient_names"]!), foundNames = Texts(found["coefficient_names"]!);
        if (id == "bernoulli_logit_infert_rank_deficient")
        {
            // of the levels that add up to the intercept the last in order is aliased, and the order is ordinal
            Assert.Equal((7, "rank_deficient"), ((int)found["rank"]!, (string)found["status"]!));
            names = [];
        }
        else
        {
            Assert.Equal(names.Order(), foundNames.Order());
        }
        int[] places = [.. names.Select(name => Array.IndexOf(foundNames, name))];
        var errors = (expected["standard_errors"] ?? expected["laplace_standard_errors"])?.AsArray();
        double Scale(int i) => errors is null ? 1 + Math.Abs((double)expected["coefficients"]![i]!) : (double)errors[i]!;

        for (int i = 0; i < names.Length; i++)
        {
            Close("coefficients", i, Scale(i));
            Close("standard_errors", i, Scale(i));
            Close("laplace_standard_errors", i, Scale(i));
            Close("statistics", i, 1);
            Close("p_values", i, 1e-3);
        }
        foreach (string name in (string[])["deviance", "null_deviance", "null_log_likelihood", "sigma", "n_censored", "pearson_chi2", "aic", "log_likelihood", "theta", "theta_standard_error", "sum_of_weights", "penalised_objective"])
            Same(expected[name], found[name], name);
        foreach (string name in (string[])["n_rows", "n_positive_weight", "rank", "df_residual", "df_null", "statistic_kind", "covariance_kind", "aic_parameter_count"])
            Assert.True(expected[name] is null || JsonNode.DeepEquals(expected[name], found[name]), name);
        Same(expected["dispersion"]?["value"], found["dispersion"]!["value"], "dispersion");
        FitTests.AssertClose(expected["mean_first_rows"]!, found["mean_first_rows"]!, 1e-8);
        if (expected["linear_predictor_first_rows"] is { } predictors)
            FitTests.AssertClose(predictors, found["linear_predictor_first_rows"]!, 1e-8);
        if (expected["profile_ci_95"] is JsonObject)
        {
            foreach (string end in (string[])["lower", "upper"])
            {
                for (int i = 0; i < names.Length; i++)
                {
                    Assert.Equal(
                        (double)expected["profile_ci_95"]![end]![i]!, (double)found["profile_ci_95"]![end]![places[i]]!,
                        1e-6 * Scale(i));
                }
                if (expected["theta_profile_ci_95"] is { } theta)
                    Assert.Equal((double)theta[end]!, (double)found["theta_profile_ci_95"]![end]!, 1e-6 * (double)expected["theta"]!);
            }
        }
        if (expected["likelihood_ratio_test"] is JsonObject test)
        {
            foreach (string name in (string[])["df", "statistic", "f_statistic", "deviance_reduced", "log_likelihood_reduced", "theta_reduced"])
                Same(test[name], found["likelihood_ratio_test"]![name], "reduced: " + name);
            Assert.Equal(Texts(test["dropped_coefficients"]!).Order(), Texts(found["likelihood_ratio_test"]!["dropped_coefficients"]!).Order());
        }

        void Close(string name, int i, double scale)
        {
            if (expected[name] is { } values)
                Assert.Equal((double)values[i]!, (double)found[name]![places[i]]!, 1e-7 * Math.Max(scale, 1e-300));
        }
    }

    /// <summary>What R gives, the tool gives; it may give more.</summary>
    private static void Same(JsonNode? expected, JsonNode? found, string name)
    {
        if (expected is null)
            return;
        Assert.True(found is not null, $"{name} is missing");
        double value = expected.GetValue<double>(), other = found.GetValue<double>();
        Assert.True(Math.Abs(value - other) <= 1e-8 * (1e-6 + Math.Abs(value)), $"{name}: {value:R} and {other:R}");
    }

    private static string[] Texts(JsonNode array) => [.. array.AsArray().Select(text => (string)text!)];

    private static string[] Options(JsonNode golden)
    {
        var (design, options) = (golden["design"]!, golden["options"]!);
        var terms = design["terms"]!.AsArray();
        List<string> words =
        [
            "--data", SharedFolder.Require("data", "glm", (string)golden["data"]!["file"]!),
            "--label", (string)golden["response"]!["column"]!,
            "--family", (string)golden["family"]!,
            "--link", (string)golden["link"]!,
            "--features", string.Join(',', terms.Select(term => (string)term!["column"]!)),
        ];
        foreach (var term in terms.Where(term => (string)term!["encoding"]! == "one-hot"))
        {
            string column = (string)term!["column"]!;
            words.AddRange("--categorical", column, "--baseline", $"{column}={(string?)term["baseline"]}");
        }
        Add("--positive", golden["response"]!["positive_value"]);
        if (golden["response"]!["levels"] is JsonArray levels)
            words.AddRange("--levels", string.Join(',', levels.Select(level => (string)level!)));
        if ((string)golden["family"]! == "tobit")
            words.AddRange("--lower", "0");
        Add("--coding", options["multinomial_coding"]);
        Add("--weight", golden["weights_column"]);
        Add("--offset", golden["offset_column"]);
        Add("--power", options["tweedie_power"]);
        Add("--drop-test", golden["results"]!["likelihood_ratio_test"]?["dropped_column"]);
        words.AddRange("--l1", options["l1"]!.ToJsonString(), "--l2", options["l2"]!.ToJsonString());
        if ((bool)options["penalise_intercept"]!)
            words.Add("--penalise-intercept");
        if (!(bool)design["intercept"]! && (string)golden["family"]! != "ordinal")
            words.Add("--no-intercept");
        return [.. words];

        void Add(string option, JsonNode? value)
        {
            if (value is not null)
                words.AddRange(option, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }
}
