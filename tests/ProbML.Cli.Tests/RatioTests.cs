using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

/// <summary>Density ratios, of two files or of one with a label: normals of unit variance and means 1 and 0, so ln r(x) = x − ½.</summary>
public sealed class RatioTests : IDisposable
{
    private const int Rows = 400;
    private const string Files = "fit --model ratio --data {now.csv} --reference {before.csv} --ignore id --out {m.zip} ";
    private const string Label = "fit --model ratio --data {both.csv} --label when --ignore id --out {l.zip} ";

    private readonly Tool tool = new();

    public RatioTests()
    {
        string[] now = [.. Normals(1, seed: 1)], before = [.. Normals(0, seed: 2)];
        tool.Write("now.csv", "id,x,noise\n" + string.Concat(now.Select(row => row + "\n")));
        // Columns in another order, and a row that lacks a value.
        tool.Write("before.csv", "noise,id,x\n" + string.Concat(before.Select(row => row.Split(',') is [var id, var x, var noise] ? $"{noise},{id},{x}\n" : "")) + ",0,0\n");
        tool.Write(
            "both.csv",
            "id,x,noise,when\n" + string.Concat(now.Select(row => row + ",now\n")) + string.Concat(before.Select(row => row + ",before\n")) + "0,0,,before\n");
    }

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Two_files_give_the_ratio_that_is_known()
    {
        var fit = tool.Json(Files + "--seed 1");
        Assert.Equal(("ratio", 1, 5, Rows, Rows), (
            (string?)fit["model"], (int)fit["components"]!, (int)fit["cross_fit"]!, (int)fit["numerator_rows"]!, (int)fit["denominator_rows"]!));
        Assert.Equal(("now.csv", "before.csv"), ((string?)fit["response"]!["positive_value"], (string?)fit["response"]!["negative_value"]));
        Assert.Null(fit["response"]!["column"]);
        Assert.Equal(1, (int)fit["data"]!["rows_left_out"]!);
        // KL between unit normals a unit apart is ½.
        var kl = fit["divergences"]!["kullback_leibler"]!;
        Assert.Equal(0.5, (double)kl["estimate"]!, 3 * (double)kl["standard_error"]!);
        Assert.InRange((double)fit["effective_sample_size"]!, 1, Rows);
        Assert.True(JsonNode.DeepEquals(fit, tool.Json("summary {m.zip}")));
        string text = tool.Run(Files + "--seed 1").Output;
        Assert.Equal(text, tool.Succeed("summary {m.zip}"));
        Assert.Contains("density ratio of 'now.csv' to 'before.csv'", text, StringComparison.Ordinal);
        Assert.Contains("cross-fitted by 5 models", text, StringComparison.Ordinal);
        AssertKnown("m.zip", "now.csv,", "before.csv,", error: 0.25);
        tool.Fail(2, "evaluate --model {m.zip} --data {now.csv}", "tells two files apart: use predict");
    }

    [Fact]
    public void A_label_tells_the_same_samples_apart()
    {
        var files = tool.Json(Files + "--seed 1");
        var label = tool.Json(Label + "--positive now --seed 1");
        Assert.Equal("when", (string?)label["response"]!["column"]);
        Assert.True(JsonNode.DeepEquals(files["divergences"], label["divergences"]));
        Assert.True(JsonNode.DeepEquals(files["log_ratio_first_rows"], label["log_ratio_first_rows"]));
        AssertKnown("l.zip", "now,", "before,", error: 0.25);
        // One unit of a normal's standard deviation apart: AUC is Φ(1/√2) = 0.76.
        var scores = JsonNode.Parse(tool.Run("evaluate --model {l.zip} --data {both.csv} --json").Output)!;
        Assert.Equal(0.76, (double)scores["auc"]!, 0.05);
        tool.Succeed("export --model {l.zip} --out {l.onnx}");
        Assert.True(File.Exists(tool["l.onnx"]));
    }

    [Fact]
    public void A_network_gives_it_too()
    {
        var fit = tool.Json(Files + "--network --hidden 8 --epochs 60 --batch 64 --learning-rate 0.01 --device cpu --seed 3");
        Assert.Equal(("ratio", 3, 0), ((string?)fit["model"], (int)fit["seed"]!, (int)fit["cross_fit"]!));
        Assert.True(JsonNode.DeepEquals(fit, tool.Json("summary {m.zip}")));
        Assert.Contains("network", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        AssertKnown("m.zip", "now.csv,", "before.csv,", error: 0.4);
    }

    [Theory]
    [InlineData("--shape cubic", "--shape is linear, quadratic or auto")]
    [InlineData("--cross-fit 1", "0, or a whole number from 2 to 100")]
    [InlineData("--components 101", "between 1 and 100")]
    [InlineData("--positive now", "of two files --data is the numerator")]
    [InlineData("--label x", "either --reference")]
    [InlineData("--loss logistic", "--loss needs --network")]
    [InlineData("--epochs 3", "--epochs needs --model vae or --model flow, or --network")]
    [InlineData("--network --shape linear", "--shape is not for --network")]
    [InlineData("--network --loss hinge", "--loss is logistic")]
    [InlineData("--network --device abacus", "no such device")]
    [InlineData("--family poisson", "--family is not for --model ratio")]
    [InlineData("--features x", "contradict each other")]
    public void A_wrong_word_is_named(string words, string message) => tool.Fail(2, Files + words, message);

    [Fact]
    public void Words_and_files_that_do_not_fit_are_named()
    {
        tool.Fail(2, "fit --model ratio --data {now.csv} --out {m.zip}", "either --reference");
        tool.Fail(2, "fit --data {now.csv} --label x --shape linear --out {m.zip}", "--shape needs --model ratio");
        tool.Fail(2, "fit --data {now.csv} --label x --reference {before.csv} --out {m.zip}", "--reference needs --model ratio");
        tool.Fail(2, "fit --model ratio --data {now.csv} --reference {now.csv} --out {m.zip}", "name two samples");
        tool.Write("other.csv", "id,x\n1,2\n");
        tool.Fail(1, "fit --model ratio --data {now.csv} --reference {other.csv} --out {m.zip}", "other.csv lacks the column 'noise'");
        tool.Write("empty.csv", "id,x,noise\n");
        tool.Fail(1, "fit --model ratio --data {now.csv} --reference {empty.csv} --ignore id --out {m.zip}", "empty.csv has no row");
        tool.Write("text.csv", "id,x,noise\n1,2,3\n2,three,4\n");
        tool.Fail(1, "fit --model ratio --data {now.csv} --reference {text.csv} --ignore id --out {m.zip}", "text.csv", "row");
        tool.Write("a.csv", "(file),x\n1,2\n2,3\n");
        tool.Write("b.csv", "(file),x\n1,2\n2,3\n");
        tool.Fail(1, "fit --model ratio --data {a.csv} --reference {b.csv} --out {m.zip}", "column '(file)'", "Rename it");
    }

    private void AssertKnown(string model, string numerator, string denominator, double error)
    {
        var answer = tool.Run($"predict --model {{{model}}} --data {{both.csv}} --out {{s.csv}}");
        Assert.Equal(0, answer.Code);
        Assert.Contains("1 of 801 rows get no prediction", answer.Error, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(tool["s.csv"]), rows = File.ReadAllLines(tool["both.csv"]);
        Assert.Equal("PredictedLabel,Score,Probability,LogRatio,DensityRatio,Weight", lines[0]);
        Assert.Equal(rows.Length, lines.Length);
        double sum = 0, weights = 0;
        for (int i = 1; i <= 2 * Rows; i++)
        {
            double x = double.Parse(rows[i].Split(',')[1], CultureInfo.InvariantCulture);
            double[] numbers = [.. lines[i].Split(',')[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.StartsWith(numbers[1] > 0.5 ? numerator : denominator, lines[i], StringComparison.Ordinal);
            Assert.Equal(Math.Exp(numbers[2]), numbers[3], 1e-5 * numbers[3]);
            sum += Math.Pow(numbers[2] - (x - 0.5), 2);
            weights += i > Rows ? numbers[4] / Rows : 0;
        }
        Assert.InRange(Math.Sqrt(sum / (2 * Rows)), 0, error);
        Assert.InRange(weights, 0.7, 1.3);
        Assert.Equal(",,,,,", lines[^1]);
    }

    private static IEnumerable<string> Normals(double mean, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(1, Rows).Select(id => string.Create(CultureInfo.InvariantCulture, $"{id},{mean + Normal(random):F5},{Normal(random):F5}"));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
