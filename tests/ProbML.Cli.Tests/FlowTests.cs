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
        Assert.Equal("Noise.1,Noise.2,Noise.3,LogDensity,MarginalLogDensity,MarginalLogDensityStandardError", lines[0]);
        Assert.All(lines[1..], line => Assert.Equal(line.Split(',')[3], line.Split(',')[4]));
        Assert.All(lines[1..], line => Assert.EndsWith(",0", line, StringComparison.Ordinal));
        Assert.All(lines[1..], line => Assert.All(
            line.Split(','), cell => Assert.True(double.IsFinite(double.Parse(cell, CultureInfo.InvariantCulture)))));
        tool.Fail(2, "evaluate --model {m.zip} --data {d.csv}", "has none");
    }

    [Fact]
    public void A_row_that_lacks_values_has_the_density_of_those_it_has()
    {
        tool.Write("d.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{Math.Sin(i) * 2 + 0.3 * Math.Cos(7 * i):F5},{Math.Cos(3 * i):F5}\n"))));
        tool.Succeed("fit --model flow --kind maf --data {d.csv} --layers 1 --hidden 8 --epochs 5 --batch 32 --device cpu --seed 1 --out {m.zip}");
        tool.Write("new.csv", "a,b\n0.5,0.1\n0.5,\nNA,0.1\n,\n");
        var (code, _, error) = tool.Run("predict --model {m.zip} --data {new.csv} --out {s.csv} --keep");
        Assert.Equal((0, ""), (code, error));
        double[][] rows = [.. File.ReadAllLines(tool["s.csv"])[1..].Select(
            line => line.Split(',')[2..].Select(cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal((rows[0][2], 0), (rows[0][3], rows[0][4]));
        Assert.All(rows[1..], row => Assert.All(row[..3], value => Assert.True(double.IsNaN(value))));     // neither noise nor ln p(x)
        Assert.Equal((0, 0), (rows[3][3], rows[3][4]));                                                  // of nothing, all is sure
        var grid = Enumerable.Range(-400, 800).Select(i => (i + 0.5) * 0.02).ToArray();
        foreach (int row in (int[])[1, 2])                                                                // the integral of the density
        {
            tool.Write("grid.csv", "a,b\n" + string.Concat(grid.Select(
                value => row == 1 ? string.Create(CultureInfo.InvariantCulture, $"0.5,{value:F4}\n") : string.Create(CultureInfo.InvariantCulture, $"{value:F4},0.1\n"))));
            tool.Succeed("predict --model {m.zip} --data {grid.csv} --out {g.csv}");
            double integral = File.ReadAllLines(tool["g.csv"])[1..].Sum(line => Math.Exp(double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))) * 0.02;
            Assert.InRange(rows[row][4], 0, 0.15);
            Assert.Equal(Math.Log(integral), rows[row][3], 4 * rows[row][4] + 2e-3);
        }
        File.Copy(tool["s.csv"], tool["first.csv"]);
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {s.csv} --keep");
        Assert.Equal(File.ReadAllText(tool["first.csv"]), File.ReadAllText(tool["s.csv"]));                // draws depend on the row alone
    }

    [Fact]
    public void An_angle_is_the_same_a_period_on()
    {
        tool.Write("d.csv", "hour,load\n" + string.Concat(Enumerable.Range(0, 150).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i * 7 % 24 * (i % 3 == 0 ? 0.1 : 1):F2},{Math.Cos(i) + i % 5:F4}\n"))));
        const string Angles = "fit --model flow --data {d.csv} --layers 2 --hidden 8 --epochs 2 --batch 32 --device cpu --seed 1 --out {m.zip} ";
        var fit = JsonNode.Parse(tool.Succeed(Angles + "--circular hour=24 --json"))!;
        Assert.Equal(24, (double)fit["circular"]!["hour"]!);
        tool.Write("new.csv", "hour,load\n0,1\n24,1\n-24,1\n,1\n");
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {s.csv}");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal((lines[1], lines[1]), (lines[2], lines[3]));
        Assert.StartsWith(",,,", lines[4], StringComparison.Ordinal);
        tool.Fail(1, Angles + "--circular hours=24", "A preprocessing is given for 'hours', but no feature is called so");
    }

    [Fact]
    public void A_detector_gives_p_values()
    {
        tool.Succeed(Fit + "--anomaly --false-alarm-rate 0.2");
        tool.Write("new.csv", "id,x,y,visits\n1,0.9,0.1,2\n2,9000,9000,2\n3,,0.1,2\n");
        Assert.Contains("1 of 3 rows get no prediction: a value is missing", tool.Run("predict --model {m.zip} --data {new.csv} --out {s.csv}").Error, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal("PredictedLabel,Score,PValue", lines[0]);
        Assert.StartsWith("true,", lines[2], StringComparison.Ordinal);
        Assert.Equal(",,", lines[3]);                          // what is rare among rows of that kind is not known
    }

    [Theory]
    [InlineData("--kind glow", "--kind is nsf, realnvp, maf, nsf-ar, iaf or continuous")]
    [InlineData("--circular x", "write column=period, as hour=24")]
    [InlineData("--circular x=0", "write column=period, as hour=24")]
    [InlineData("--circular x=180:-180", "write column=period, as hour=24")]
    [InlineData("--circular x=6,x=7", "--circular names 'x' twice")]
    [InlineData("--circular x=6 --kind continuous", "continuous flow has no circular columns")]
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
