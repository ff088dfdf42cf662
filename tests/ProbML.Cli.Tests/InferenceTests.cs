using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli.Tests;

/// <summary>Other standard errors, profile intervals, Firth's fit and penalty paths from the command line.</summary>
public sealed class InferenceTests : IDisposable
{
    private const string Poisson = "fit --data {d.csv} --label y --features x,city --family poisson --out {m.zip} ";
    private readonly Tool tool = new();

    public InferenceTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Profile_intervals_lie_about_the_estimates()
    {
        var report = tool.Json(Poisson + "--profile");
        for (int i = 0; i < 4; i++)
        {
            double estimate = (double)report["coefficients"]![i]!;
            Assert.True((double)report["profile_ci_95"]!["lower"]![i]! < estimate);
            Assert.True((double)report["profile_ci_95"]!["upper"]![i]! > estimate);
        }
    }

    [Fact]
    public void Robust_errors_replace_the_others_everywhere()
    {
        var plain = tool.Json(Poisson);
        var robust = tool.Json(Poisson + "--robust hc1");
        Assert.Equal("robust, HC1", (string)robust["covariance_kind"]!);
        FitTests.AssertClose(plain["coefficients"]!, robust["coefficients"]!, 1e-12);
        for (int i = 0; i < 4; i++)
        {
            double error = (double)robust["standard_errors"]![i]!, estimate = (double)robust["coefficients"]![i]!;
            Assert.NotEqual((double)plain["standard_errors"]![i]!, error, 1e-6);
            Assert.Equal(Math.Sqrt((double)robust["covariance"]![i]![i]!), error, 1e-12);
            Assert.Equal(estimate / error, (double)robust["statistics"]![i]!, 1e-10);
            Assert.Equal(estimate + (1.959963984540054 * error), (double)robust["wald_ci_95"]!["upper"]![i]!, 1e-10);
        }
        Assert.Contains("robust, HC1", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(tool["m.zip"], out _);
        var model = ((ProbabilisticTransformer<GlmModel>)loaded.LastTransformer).Model;
        Assert.Equal("HC1", model.Robust!.Name);
        Assert.Equal((double)robust["standard_errors"]![1]!, model.Coefficients[1].StandardError, 1e-12);
    }

    [Fact]
    public void Clusters_of_one_row_are_HC1()
    {
        string[] lines = Samples.Counts().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        tool.Write("d.csv", string.Join('\n', lines.Select((line, i) => line + (i == 0 ? ",id" : $",r{i}"))) + "\n");
        var clustered = tool.Json(Poisson + "--cluster id");
        FitTests.AssertClose(tool.Json(Poisson + "--robust hc1")["standard_errors"]!, clustered["standard_errors"]!, 1e-10);
        Assert.StartsWith("cluster-robust, 60 clusters", (string)clustered["covariance_kind"]!, StringComparison.Ordinal);
        Assert.Equal(60, (int)clustered["robust"]!["clusters"]!);
    }

    [Fact]
    public void Repeated_rows_in_clusters_are_as_one_and_missing_rows_do_not_shift_them()
    {
        string[] lines = Samples.Counts().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var doubled = new List<string> { lines[0] + ",id", ",1,Oslo,1,no,r0" };
        for (int i = 1; i < lines.Length; i++)
            doubled.AddRange([lines[i] + $",r{i}", lines[i] + $",r{i}"]);
        tool.Write("e.csv", string.Join('\n', doubled) + "\n");
        var hc0 = tool.Json(Poisson + "--robust hc0");
        var report = JsonNode.Parse(tool.Run(
            Poisson.Replace("d.csv", "e.csv", StringComparison.Ordinal) + "--cluster id --json").Output)!;
        double factor = Math.Sqrt(60.0 / 59 * (119.0 / 116));          // G/(G-1) (n-1)/(n-p)
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(
                factor * (double)hc0["standard_errors"]![i]!, (double)report["standard_errors"]![i]!, 1e-9);
        }
    }

    [Fact]
    public void A_cluster_column_that_is_not_there_is_bad_data() =>
        tool.Fail(1, Poisson + "--cluster clinic", "clinic");

    [Fact]
    public void Firth_is_finite_where_classes_are_separated()
    {
        tool.Write("s.csv", "x,y\n" + string.Join('\n', Enumerable.Range(0, 20).Select(i => $"{i},{(i < 10 ? "no" : "yes")}")) + "\n");
        const string Fit = "fit --data {s.csv} --label y --family bernoulli --out {m.zip}";
        Assert.Equal("separated", (string)tool.Json(Fit)["status"]!);
        var report = tool.Json(Fit + " --firth");
        Assert.Equal(("converged", "firth"), ((string)report["status"]!, (string)report["estimator"]!));
        Assert.InRange((double)report["coefficients"]![1]!, 0.1, 3);
        Assert.True((double)report["profile_ci_95"]!["lower"]![1]! > 0);
        Assert.Contains("Firth", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        Assert.Contains("0.5", Half(report).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        // by symmetry the classes meet half way between 9 and 10
        static double Half(JsonObject fit) => Math.Round(
            1 / (1 + Math.Exp(-((double)fit["coefficients"]![0]! + (9.5 * (double)fit["coefficients"]![1]!)))), 6);
    }

    [Theory]
    [InlineData("min", "lambda_min")]
    [InlineData("1se", "lambda_1se")]
    public void A_path_is_reported_and_its_choice_saved(string rule, string chosen)
    {
        string line = Poisson + $"--path --alpha 0.5 --cv 5 --seed 1 --lambda-rule {rule}";
        var report = tool.Json(line);
        var path = report["path"]!;
        int count = path["lambdas"]!.AsArray().Count;
        foreach (string list in (string[])["deviance_ratios", "nonzero_counts", "coefficients", "cv_mean_deviance", "cv_standard_error"])
            Assert.Equal(count, path[list]!.AsArray().Count);
        Assert.Equal((0, 5), ((int)path["nonzero_counts"]![0]!, (int)path["cv_folds"]!));
        Assert.Equal((double)path[chosen]!, (double)path["lambda"]!);
        Assert.True((double)path["lambda_min"]! <= (double)path["lambda_1se"]!);
        Assert.Equal(60 * 0.5 * (double)path["lambda"]!, (double)report["options"]!["l1"]!, 1e-9);
        Assert.Equal("penalised", (string)report["status"]!);
        Assert.True(JsonNode.DeepEquals(report, tool.Json(line)));
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        Assert.Contains("5-fold", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
    }
}
