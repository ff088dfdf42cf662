using System.Globalization;
using System.Text;

namespace ProbML.Cli.Tests;

/// <summary><c>probml drift</c>: 0 where nothing has changed, 3 where something has, and which column it is.</summary>
public sealed class DriftTests : IDisposable
{
    private const string Both = "drift --reference {a.csv} --current {b.csv}";
    private readonly Tool tool = new();

    public DriftTests() => tool.Write("a.csv", Rows(300, 1, 0));

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Equal_files_are_no_drift()
    {
        tool.Write("b.csv", Rows(300, 2, 0));
        Assert.StartsWith("No drift at level 0.05", tool.Succeed(Both), StringComparison.Ordinal);
    }

    [Fact]
    public void Drift_is_exit_code_3_and_its_column_comes_first()
    {
        tool.Write("b.csv", Rows(300, 3, 0.8));
        var answer = tool.Run(Both + " --html {r.html}");
        Assert.Equal((DriftCommand.Drift, ""), (answer.Code, answer.Error));
        Assert.StartsWith("Drift at level 0.05", answer.Output, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">income</th>", File.ReadAllText(tool["r.html"]), StringComparison.Ordinal);
        var json = tool.Json(Both);
        Assert.True(json["isDrift"]!.GetValue<bool>());
        Assert.Equal("income", json["features"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(0, tool.Run(Both + " --ignore income").Code);
        Assert.Equal(3, tool.Run(Both + " --features income --level 0.01").Code);
    }

    [Fact]
    public void Mistakes_are_one_line()
    {
        tool.Write("b.csv", "age,income,city\n1,2,Rome\n");
        tool.Fail(1, Both, "4 or more are needed");
        tool.Write("b.csv", "age,income\n1,2\n");
        tool.Fail(1, Both, "b.csv has no column 'city'", "--ignore");
        tool.Fail(1, Both + " --ignore city,nothing", "no column 'nothing'");
        tool.Write("b.csv", "age,income,city\nold,2,Rome\nnew,2,Rome\n");
        tool.Fail(1, Both, "'age' holds numbers in a.csv and text in b.csv", "--categorical age");
        tool.Fail(2, Both + " --ignore age,income,city", "no column is left");
        tool.Fail(2, Both + " --level 2", "between 0 and 1");
        tool.Fail(1, "drift --reference {a.csv} --current {none.csv}", "none.csv");
    }

    internal static string Rows(int count, int seed, double shift)
    {
        var random = new Random(seed);
        var text = new StringBuilder("age,income,city\n");
        for (int i = 0; i < count; i++)
        {
            string age = random.Next(10) == 0 ? "" : (20 + 50 * random.NextDouble()).ToString("F1", CultureInfo.InvariantCulture);
            double income = random.NextDouble() + random.NextDouble() + shift;
            text.AppendLine(CultureInfo.InvariantCulture, $"{age},{income:F3},{(random.Next(2) == 0 ? "Rome" : "Oslo")}");
        }
        return text.ToString();
    }
}
