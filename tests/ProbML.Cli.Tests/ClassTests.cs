using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;

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
