using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli.Tests;

/// <summary>Models of several classes and of limited responses, from fit to predict and evaluate.</summary>
public sealed class ClassTests : IDisposable
{
    private const string Fit = "fit --data {d.csv} --label size --features x --out {m.zip} ";
    private readonly Tool tool = new();

    public ClassTests() => tool.Write("d.csv", Sizes());

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("multinomial")]
    [InlineData("ordinal")]
    public void Predictions_are_labels_and_a_probability_for_each_class(string family)
    {
        tool.Succeed(Fit + $"--levels low,mid,high --family {family}");
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv} --keep");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal(
            "x,size,y,PredictedLabel,Probability.low,Probability.mid,Probability.high,"
                + "ProbabilityLowerBound.low,ProbabilityLowerBound.mid,ProbabilityLowerBound.high,"
                + "ProbabilityUpperBound.low,ProbabilityUpperBound.mid,ProbabilityUpperBound.high",
            lines[0]);
        string[] names = ["low", "mid", "high"];
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            double[] p = [.. cells[4..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(1, p[..3].Sum(), 1e-5);
            Assert.Equal(names[Array.IndexOf(p, p[..3].Max())], cells[3]);
            for (int k = 0; k < 3; k++)
                Assert.InRange(p[k], p[k + 3], p[k + 6]);
        }
    }

    [Theory]
    [InlineData("multinomial")]
    [InlineData("ordinal")]
    public void Evaluation_agrees_with_the_likelihood(string family)
    {
        var fit = tool.Json(Fit + $"--levels low,mid,high --family {family}");
        var measures = tool.Json("evaluate --model {m.zip} --data {d.csv}");
        Assert.Equal(-(double)fit["log_likelihood"]! / 90, (double)measures["log_loss"]!, 1e-5);
        Assert.InRange((double)measures["accuracy"]!, 0.4, 1);
        Assert.InRange((double)measures["macro_accuracy"]!, 0.4, 1);
        Assert.InRange((double)measures["brier_score"]!, 0, 0.7);
        Assert.Contains("Macro accuracy", tool.Succeed("evaluate --model {m.zip} --data {d.csv}"), StringComparison.Ordinal);
        Assert.Contains("size ~ x", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(fit, tool.Json("summary {m.zip}")));
        Assert.NotNull(new MLContext().Model.Load(tool["m.zip"], out _));
    }

    [Fact]
    public void Levels_are_ordered_by_their_texts_unless_given()
    {
        var answer = tool.Run(Fit + "--family multinomial --json");
        var report = JsonNode.Parse(answer.Output)!;
        Assert.Equal(["high", "low", "mid"], report["response"]!["levels"]!.AsArray().Select(level => (string)level!));
        Assert.Contains("--levels", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tobit_predicts_and_evaluates_the_observed_response()
    {
        const string Tobit = "fit --data {d.csv} --label y --features x --family tobit --lower 0 --upper 3 --out {m.zip}";
        var fit = tool.Json(Tobit);
        Assert.Equal("log(sigma)", (string)fit["coefficient_names"]![2]!);
        Assert.True((int)fit["n_censored_lower"]! > 0 && (int)fit["n_censored_upper"]! > 0);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        Assert.Equal(
            "Score,ScoreStandardDeviation,ScoreStandardError,LowerBound,UpperBound,LatentMean,CensoringProbability",
            File.ReadLines(tool["s.csv"]).First());
        var measures = tool.Json("evaluate --model {m.zip} --data {d.csv}");
        Assert.InRange((double)measures["r_squared"]!, 0.1, 1);
        Assert.Null(measures["deviance"]);
        Assert.Contains("rows at the upper limit 3", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multinomial"), InlineData("ordinal"), InlineData("tobit")]
    public void Profile_intervals_come_unasked_and_lie_about_the_estimates(string family)
    {
        var report = tool.Json(Line(family));
        int count = report["coefficients"]!.AsArray().Count;
        Assert.Equal(count, report["profile_ci_95"]!["lower"]!.AsArray().Count);
        for (int i = 0; i < count; i++)
        {
            double estimate = (double)report["coefficients"]![i]!;
            Assert.True((double)report["profile_ci_95"]!["lower"]![i]! < estimate);
            Assert.True((double)report["profile_ci_95"]!["upper"]![i]! > estimate);
        }
        Assert.True(JsonNode.DeepEquals(report, tool.Json(Line(family) + " --profile")));
    }

    [Theory]
    [InlineData("multinomial"), InlineData("ordinal"), InlineData("tobit")]
    public void Robust_errors_are_in_the_report_the_table_and_the_model(string family)
    {
        string[] lines = File.ReadAllLines(tool["d.csv"]);
        tool.Write("d.csv", string.Join('\n', lines.Select((line, i) => line + (i == 0 ? ",id" : $",r{i}"))) + "\n");
        var plain = tool.Json(Line(family));
        var robust = tool.Json(Line(family) + " --robust hc1");
        var clustered = tool.Json(Line(family) + " --cluster id");
        Assert.Equal("robust, HC1", (string)robust["covariance_kind"]!);
        Assert.StartsWith("cluster-robust, 90 clusters", (string)clustered["covariance_kind"]!, StringComparison.Ordinal);
        for (int i = 0; i < plain["coefficients"]!.AsArray().Count; i++)
        {
            double error = (double)robust["standard_errors"]![i]!, estimate = (double)robust["coefficients"]![i]!;
            Assert.NotEqual((double)plain["standard_errors"]![i]!, error, 1e-6);
            Assert.Equal(error, (double)clustered["standard_errors"]![i]!, 1e-10);          // clusters of one row
            Assert.Equal(Math.Sqrt((double)robust["covariance"]![i]![i]!), error, 1e-12);
            Assert.Equal(estimate / error, (double)robust["statistics"]![i]!, 1e-9);
            Assert.Equal(estimate + (1.959963984540054 * error), (double)robust["wald_ci_95"]!["upper"]![i]!, 1e-9);
        }
        Assert.Contains("cluster-robust, 90 clusters", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(tool["m.zip"], out _);
        Assert.Contains("cluster-robust, 90 clusters", loaded.LastTransformer switch
        {
            ProbabilisticTransformer<MultinomialModel> step => step.Model.ToString(),
            ProbabilisticTransformer<OrdinalModel> step => step.Model.ToString(),
            var step => ((ProbabilisticTransformer<TobitModel>)step).Model.ToString(),
        }, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--family tobit --lower 3 --upper 0", "--lower must be below --upper")]
    [InlineData("--family tobit", "needs a limit")]
    [InlineData("--family tobit --lower 0 --l2 -1", "--l2 must be at least 0")]
    [InlineData("--family ordinal --l2 -1", "--l2 must be at least 0")]
    public void Limits_the_wrong_way_round_and_negative_penalties_are_refused_and_nothing_is_lost(string options, string message)
    {
        tool.Write("m.zip", "kept");
        tool.Fail(2, $"fit --data {{d.csv}} --label y --features x --out {{m.zip}} {options}", message);
        Assert.Equal("kept", File.ReadAllText(tool["m.zip"]));
    }

    [Theory]
    [InlineData("--family ordinal --levels low,high", "row ", "'mid'", "--levels")]
    [InlineData("--family ordinal --levels low,mid,high,huge", "no row of 'size' is 'huge'")]
    public void Bad_labels_are_refused(string options, params string[] messages) => tool.Fail(1, Fit + options, messages);

    [Fact]
    public void Responses_beyond_a_limit_are_refused() => tool.Fail(
        1, "fit --data {d.csv} --label y --features x --family tobit --lower 1 --out {m.zip}", "row ", "below --lower");

    [Fact]
    public void Labels_that_were_not_in_training_are_refused()
    {
        tool.Succeed(Fit + "--levels low,mid,high --family ordinal");
        tool.Write("n.csv", "x,size\n1,tiny\n");
        tool.Fail(1, "evaluate --model {m.zip} --data {n.csv}", "row 1", "'tiny'", "low, mid, high");
    }

    private static string Line(string family) => family == "tobit"
        ? "fit --data {d.csv} --label y --features x --family tobit --lower 0 --upper 3 --out {m.zip}"
        : Fit + $"--levels low,mid,high --family {family}";

    /// <summary>A size that grows with x, and a number y that is cut off at 0 and 3.</summary>
    private static string Sizes()
    {
        var random = new Random(3);
        var lines = new List<string> { "x,size,y" };
        for (int i = 0; i < 90; i++)
        {
            double x = Math.Round(random.NextDouble() * 4, 3), latent = x + (2 * random.NextDouble()) - 1.5;
            string size = latent < 0.7 ? "low" : latent < 2 ? "mid" : "high";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{x},{size},{Math.Round(Math.Clamp(latent, 0, 3), 3)}"));
        }
        return string.Join('\n', lines) + "\n";
    }
}
