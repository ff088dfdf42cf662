using System.Globalization;
using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.Cli.Tests;

/// <summary>What <c>probml export</c> writes, ONNX Runtime reads, and it predicts what <c>probml predict</c> does.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Export = "export --model {m.zip} --out {m.onnx} ", Row = "city,x,time\n";
    private const string Cities = "Rome,1.25,2\nOslo,0.5,1\nBonn,1.75,4\n";
    private readonly Tool tool = new();

    public ExportTests()
    {
        tool.Write("d.csv", Samples.Counts());
        tool.Write("n.csv", Row + Cities);
    }

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("--label y --family poisson --exposure time", "Score,ScoreStandardDeviation,ScoreStandardError,LowerBound,UpperBound")]
    [InlineData("--label y --family gaussian", "Score,ScoreStandardDeviation,ScoreStandardError,LowerBound,UpperBound")]
    [InlineData("--label big --family bernoulli", "Score,Probability,ScoreStandardError,ProbabilityLowerBound,ProbabilityUpperBound")]
    [InlineData("--label y --family tobit --lower 0", "Score,ScoreStandardDeviation,ScoreStandardError,LowerBound,UpperBound")]
    public void ONNX_Runtime_predicts_what_the_tool_does(string fit, string columns)
    {
        Fit(fit);
        Assert.Equal("", tool.Succeed(Export));
        tool.Succeed("predict --model {m.zip} --data {n.csv} --out {s.csv}");
        var (names, predicted) = Predictions();
        var scored = Score();
        foreach (string name in columns.Split(','))
        {
            int place = Array.IndexOf(names, name);
            for (int i = 0; i < predicted.Length; i++)
                Scores.AssertClose(Number(predicted[i][place]), scored[name][i][0], 1e-5, $"{name} of row {i}");
        }
    }

    [Fact]
    public void Classes_keep_their_order_and_names()
    {
        Fit("--label city --family multinomial --features x");
        tool.Succeed(Export);
        tool.Succeed("predict --model {m.zip} --data {n.csv} --out {s.csv}");
        var (names, predicted) = Predictions();
        using var file = new OnnxFile(File.ReadAllBytes(tool["m.onnx"]));
        string[] classes = System.Text.Json.JsonSerializer.Deserialize<string[]>(file.Metadata["PredictedLabel.classes"])!;
        var scored = file.Score(Rows());
        for (int i = 0; i < predicted.Length; i++)
        {
            Assert.Equal(predicted[i][0], classes[(int)scored["PredictedLabel"][i][0] - 1]);
            for (int k = 0; k < classes.Length; k++)
            {
                double expected = Number(predicted[i][Array.IndexOf(names, $"Probability.{classes[k]}")]);
                Scores.AssertClose(expected, scored["Score"][i][k], 1e-5, $"{classes[k]} of row {i}");
            }
        }
    }

    [Fact]
    public void Chosen_columns_come_alone_and_the_report_names_what_goes_in_and_out()
    {
        Fit("--label y --family poisson --exposure time");
        var report = tool.Json(Export + "--columns Score,UpperBound --opset 11");
        using var file = new OnnxFile(File.ReadAllBytes(tool["m.onnx"]));
        Assert.Equal(["Score", "UpperBound"], file.Outputs);
        Assert.Equal(["Score", "UpperBound"], Names("outputs"));
        Assert.Equal(file.Inputs, Names("inputs"));
        Assert.Equal(["city", "time", "x"], file.Inputs.Order());
        Assert.Equal("String", (string?)report["inputs"]!.AsArray().Single(port => (string)port!["name"]! == "city")!["type"]);
        Assert.Equal(11, (int)report["opset"]!);
        Assert.Equal(new FileInfo(tool["m.onnx"]).Length, (long)report["bytes"]!);

        string[] Names(string ports) => [.. report[ports]!.AsArray().Select(port => (string)port!["name"]!)];
    }

    [Fact]
    public void A_density_asks_for_the_label()
    {
        Fit("--label y --family poisson");
        tool.Succeed(Export + "--columns LogDensity");
        using var file = new OnnxFile(File.ReadAllBytes(tool["m.onnx"]));
        Assert.Equal(["city", "x", "y"], file.Inputs.Order());
    }

    [Fact]
    public void What_cannot_be_exported_is_told_and_the_old_file_stays()
    {
        Fit("--label y --family poisson");
        tool.Write("m.onnx", "old");
        tool.Fail(2, Export + "--columns Scores", "--columns Scores", "no such column", "Score, ");
        tool.Fail(2, Export + "--columns Score,Score", "'Score' twice");
        tool.Fail(2, Export + "--opset 13", "--opset must be 9, 10, 11 or 12, not 13");
        tool.Fail(2, "export --model {m.zip}", "--out");
        tool.Fail(2, "export --model {m.zip} --out {m.zip}", "a file that is read");
        tool.Fail(1, "export --model {none.zip} --out {m.onnx}", "there is no file");
        tool.Fail(1, "export --model {d.csv} --out {m.onnx}", "d.csv is not a model that can be read");
        tool.Fail(1, "export --model {m.zip} --out {.}", "is a folder");
        tool.Fail(1, "export --model {m.zip} --out {no/m.onnx}", "there is no folder");
        Assert.Equal("old", File.ReadAllText(tool["m.onnx"]));
        tool.Succeed(Export);
        Assert.True(new FileInfo(tool["m.onnx"]).Length > 1000);
    }

    private void Fit(string options)
    {
        string features = options.Contains("--features", StringComparison.Ordinal) ? "" : " --features x,city";
        Assert.Equal(0, tool.Run("fit --data {d.csv} --out {m.zip} " + options + features).Code);
    }

    private (string[] Names, string[][] Rows) Predictions()
    {
        string[][] lines = [.. File.ReadLines(tool["s.csv"]).Select(line => line.Split(','))];
        Assert.Equal(4, lines.Length);
        return (lines[0], lines[1..]);
    }

    private IReadOnlyDictionary<string, List<float[]>> Score()
    {
        using var file = new OnnxFile(File.ReadAllBytes(tool["m.onnx"]));
        return file.Score(Rows());
    }

    private static IDataView Rows() => new MLContext().Data.LoadFromEnumerable(
        Cities.Trim().Split('\n').Select(line => line.Split(',')).Select(
            cells => new Input { city = cells[0], x = Number(cells[1]), time = Number(cells[2]) }));

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

#pragma warning disable IDE1006, CA1812 // the names are those of the columns
    private sealed class Input
    {
        public string city { get; set; } = "";

        public double x { get; set; }

        public double time { get; set; }
    }
#pragma warning restore IDE1006, CA1812
}
