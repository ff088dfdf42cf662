using System.Globalization;
using System.Text;

namespace ProbML.Cli.Tests;

/// <summary>Hierarchical regression from the command line.</summary>
public sealed class HierarchicalTests : IDisposable
{
    private const string Fit = "fit --model bayes --data {d.csv} --label y --features x --group school --out {m.zip} ";
    private readonly Tool tool = new();

    public HierarchicalTests() => tool.Write("d.csv", Rows());

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("", "reml"), InlineData("--slopes x", "reml"), InlineData("--slopes x --independent --inference laplace", "laplace")]
    [InlineData("--family poisson", "laplace"), InlineData("--family poisson --inference quadrature", "quadrature")]
    [InlineData("--family poisson --inference nuts --warmup 100 --draws 50 --chains 2 --seed 1", "nuts")]
    public void Every_inference_fits_predicts_and_is_summarised(string options, string inference)
    {
        var report = tool.Json(Fit + options);
        Assert.Equal(inference, (string)report["inference"]!);
        var groups = report["groups"]!["school"]!;
        Assert.True((double)groups["standard_deviations"]![0]! > 0);
        Assert.Equal(12, groups["effects"]!.AsObject().Count);
        Assert.Equal(options.Contains("--slopes", StringComparison.Ordinal) ? 2 : 1, groups["effects"]!["s3"]!["means"]!.AsArray().Count);
        Assert.Equal(inference == "nuts", report["diagnostics"] is not null);
        tool.Write("new.csv", "x,school\n0.5,s3\n0.5,never\n0.5,\n");
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {p.csv}");
        string[][] lines = [.. File.ReadAllLines(tool["p.csv"]).Select(line => line.Split(','))];
        Assert.Equal("UnseenGroups", lines[0][^1]);
        Assert.Equal(["0", "1", "1"], lines[1..].Select(line => line[^1]));
        Assert.Equal(lines[2], lines[3]);
        Assert.NotEqual(lines[1][0], lines[2][0]);
        Assert.Contains("school (12)", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        Assert.True((double)tool.Json("evaluate --model {m.zip} --data {d.csv}")["r_squared"]! > 0.3);
    }

    [Fact]
    public void Several_factors_have_slopes_of_their_own()
    {
        var report = tool.Json(
            "fit --model bayes --data {d.csv} --label y --features x --group school=x --group town --out {m.zip}");
        Assert.Equal(2, report["groups"]!["school"]!["names"]!.AsArray().Count);
        Assert.Equal(["(Intercept)"], report["groups"]!["town"]!["names"]!.AsArray().Select(name => (string)name!));
    }

    [Theory]
    [InlineData("--inference ep", "with --group --inference is reml, laplace, quadrature, nuts, not 'ep'")]
    [InlineData("--group town --slopes x", "--slopes needs a single --group")]
    [InlineData("--prior normal(0,1)", "--prior and --dispersion-prior need --inference nuts")]
    [InlineData("--slopes z", "has a slope of 'z', but there is no feature of that name")]
    [InlineData("--group nowhere", "nowhere")]
    public void Mistakes_are_said(string options, string message) =>
        Assert.Contains(message, tool.Run(Fit + options).Error, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_the_groups_is_refused()
    {
        tool.Json(Fit);
        tool.Write("new.csv", "x\n0.5\n");
        Assert.Contains("school", tool.Run("predict --model {m.zip} --data {new.csv} --out {p.csv}").Error, StringComparison.Ordinal);
    }

    private static string Rows()
    {
        var random = new Random(6);
        var text = new StringBuilder("y,x,school,town\n");
        for (int i = 0; i < 240; i++)
        {
            int school = i % 12;
            double x = Math.Round(random.NextDouble(), 3);
            double y = Math.Max(0, Math.Round(6 + 3 * x + 2 * (school % 5 - 2) + (school % 3 - 1) * x + 2 * random.NextDouble()));
            text.Append(CultureInfo.InvariantCulture, $"{y},{x},s{school},t{i % 7}\n");
        }
        return text.ToString();
    }
}
