using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

/// <summary>Normalizing flows: rows of numbers without a label.</summary>
public sealed class FlowTests : IDisposable
{
    private const string Fit =
        "fit --model flow --data {d.csv} --ignore id --layers 2 --hidden 8 --epochs 3 --batch 32 --device cpu --out {m.zip} ";

    private const int Rows = 150;
    private readonly Tool tool = new();

    public FlowTests() => tool.Write("d.csv", Rings());

    public void Dispose() => tool.Dispose();

    [Theory, InlineData("nsf"), InlineData("realnvp"), InlineData("maf"), InlineData("nsf-ar"), InlineData("iaf"), InlineData("continuous")]
    public void A_file_goes_from_fit_to_summary_and_predict(string kind)
    {
        var fit = JsonNode.Parse(tool.Succeed(Fit + $"--kind {kind} --base student-t --seed 3 --json"))!;
        Assert.Equal(
            ("flow", 3, 3, "cpu", "completed"),
            ((string?)fit["model"], (int)fit["epochs"]!, (int)fit["seed"]!, (string?)fit["device"], (string?)fit["status"]));
        Assert.Equal(Rows, (int)fit["rows"]! + (int)fit["validation_rows"]!);
        Assert.Equal(["visits"], fit["counts"]!.AsArray().Select(name => (string)name!));
        Assert.True(double.IsFinite((double)fit["standardized_log_density_per_row"]!));
        Assert.True(JsonNode.DeepEquals(fit, tool.Json("summary {m.zip}")));
        Assert.Contains("normalizing flow", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        if (kind != "nsf")
            return;
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal("Noise.1,Noise.2,Noise.3,LogDensity", lines[0]);
        Assert.All(lines[1..], line => Assert.All(
            line.Split(','), cell => Assert.True(double.IsFinite(double.Parse(cell, CultureInfo.InvariantCulture)))));
        tool.Fail(2, "evaluate --model {m.zip} --data {d.csv}", "has none");
    }

    [Fact]
    public void A_detector_gives_p_values()
    {
        tool.Succeed(Fit + "--anomaly --false-alarm-rate 0.2");
        tool.Write("new.csv", "id,x,y,visits\n1,0.9,0.1,2\n2,9000,9000,2\n");
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {s.csv}");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal("PredictedLabel,Score,PValue", lines[0]);
        Assert.StartsWith("true,", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--kind glow", "--kind is nsf, realnvp, maf, nsf-ar, iaf or continuous")]
    [InlineData("--base cauchy", "--base is normal")]
    [InlineData("--false-alarm-rate 0.1", "needs --anomaly")]
    [InlineData("--label x", "has no label")]
    [InlineData("--latent 2", "--latent is not for --model flow")]
    [InlineData("--hidden 8,x", "--hidden 'x'")]
    public void A_wrong_word_is_named(string words, string message) => tool.Fail(2, Fit + words, message);

    [Fact]
    public void Words_of_a_flow_need_one()
    {
        tool.Fail(2, "fit --data {d.csv} --label x --out {m.zip} --kind maf", "--kind needs --model flow");
        tool.Fail(2, "fit --data {d.csv} --label x --out {m.zip} --epochs 3", "--epochs needs --model vae or --model flow");
    }

    [Fact]
    public void A_column_that_does_not_vary_is_named()
    {
        tool.Write("flat.csv", "x,y\n0.5,1.5\n0.7,1.5\n0.1,1.5\n0.3,1.5\n");
        tool.Fail(1, "fit --model flow --data {flat.csv} --device cpu --out {m.zip}", "'y' is 1.5 in all 4 rows");
    }

    private static string Rings()
    {
        var random = new Random(2);
        var text = new StringBuilder("id,x,y,visits\n");
        for (int i = 0; i < Rows; i++)
        {
            double angle = 2 * Math.PI * random.NextDouble(), radius = 1 + 0.1 * random.NextDouble();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i},{radius * Math.Cos(angle):F4},{radius * Math.Sin(angle):F4},{random.Next(5)}"));
        }
        return text.ToString();
    }
}
