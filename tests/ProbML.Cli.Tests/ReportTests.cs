namespace ProbML.Cli.Tests;

/// <summary><c>probml report</c>: a page, its plots, and what it says as JSON.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly Tool tool = new();

    public ReportTests()
    {
        tool.Write("rows.csv", Rows(200, 1));
        tool.Write("new.csv", Rows(100, 2));
        tool.Run("fit --data {rows.csv} --label y --family poisson --out {model.zip}");
    }

    public void Dispose() => tool.Dispose();

    [Fact]
    public void A_page_of_the_model_alone_and_one_with_data()
    {
        Assert.Equal("", tool.Succeed("report --model {model.zip} --out {alone.html}"));
        string alone = File.ReadAllText(tool["alone.html"]);
        Assert.Contains("Coefficients", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("Residuals", alone, StringComparison.Ordinal);

        var json = tool.Json("report --model {model.zip} --data {new.csv} --out {page.html} --png {plots} --title Claims --along x");
        Assert.Equal("Claims", json["title"]!.GetValue<string>());
        Assert.Equal(new FileInfo(tool["page.html"]).Length, json["bytes"]!.GetValue<long>());
        Assert.Equal(
            ["Model", "Coefficients", "Scores", "Residuals", "Calibration", "Predictions along features"],
            json["sections"]!.AsArray().Select(section => section!["title"]!.GetValue<string>()));
        var plots = json["sections"]!.AsArray().SelectMany(section => section!["plots"]!.AsArray()).ToList();
        Assert.Contains(plots, plot => plot!["name"]!.GetValue<string>() == "along-x");
        Assert.All(plots, plot => Assert.True(File.Exists(plot!["file"]!.GetValue<string>())));
        var metrics = tool.Json("evaluate --model {model.zip} --data {new.csv}");
        var scores = json["sections"]![2]!["tables"]![0]!["rows"]!.AsArray();
        string found = scores.First(row => row![0]!.GetValue<string>() == "mean log density")![1]!.GetValue<string>();
        Assert.Equal(
            metrics["mean_log_density"]!.GetValue<double>(), double.Parse(found.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 1e-5);
    }

    [Fact]
    public void Mistakes_are_one_line_and_leave_nothing()
    {
        tool.Write("empty.csv", "x,kind,y\n");
        tool.Write("other.csv", "x,kind\n1,a\n");
        tool.Fail(1, "report --model {model.zip} --data {empty.csv} --out {page.html}", "no rows");
        tool.Fail(1, "report --model {model.zip} --data {other.csv} --out {page.html}", "no column 'y'");
        tool.Fail(1, "report --model {none.zip} --out {page.html}", "there is no file");
        tool.Fail(1, "report --model {rows.csv} --out {page.html}", "is not a model that can be read");
        tool.Fail(1, $"report --model {{model.zip}} --out {tool["nowhere/page.html"]}", "there is no folder");
        tool.Fail(1, "report --model {model.zip} --data {new.csv} --out {page.html} --along z", "names 'z'", "'x'");
        tool.Fail(2, "report --model {model.zip} --out {model.zip}", "is a file that is read");
        tool.Fail(2, "report --model {model.zip} --out {page.html} --png {rows.csv}", "is a file: name a folder");
        tool.Fail(2, "report --out {page.html}", "--model");
    }

    private static string Rows(int count, int seed)
    {
        var random = new Random(seed);
        return "x,kind,y\n" + string.Concat(Enumerable.Range(0, count).Select(_ =>
        {
            double x = random.NextDouble();
            string kind = random.Next(2) == 0 ? "a" : "b";
            double y = PoissonDistribution.Quantile(random.NextDouble(), Math.Exp(1 + x - (kind == "b" ? 0.5 : 0)));
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x:F4},{kind},{y}\n");
        }));
    }
}
