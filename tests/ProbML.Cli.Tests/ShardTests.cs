using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

/// <summary>Files whose rows are fitted as one.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly Tool tool = new();

    public ShardTests()
    {
        string[] lines = Samples.Counts().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        tool.Write("all.csv", Samples.Counts());
        int[] ends = [1, 8, 30, 30, lines.Length];
        for (int s = 0; s < ends.Length - 1; s++)
            tool.Write($"part-{s}.csv", string.Join('\n', [lines[0], .. lines[ends[s]..ends[s + 1]]]) + "\n");
    }

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("--family poisson")]
    [InlineData("--family negative-binomial --theta 3 --weight x --ignore x")]
    [InlineData("--family ordinal --ignore city,big")]
    [InlineData("--model bayes --family poisson --inference laplace")]
    [InlineData("--model gp --inference sgpr --inducing 8")]
    public void Four_files_give_the_model_of_one(string model)
    {
        var one = tool.Json($"fit --data {{all.csv}} --label y {model} --out {{one.zip}}");
        var many = tool.Json($"fit --shards {{part-*.csv}} --label y {model} --out {{many.zip}}");
        Assert.Equal("part-0.csv and 3 more", (string)many["data"]!["file"]!);
        Assert.Equal(60, (int)many["data"]!["rows"]!);
        AssertClose(one["coefficients"] ?? one["posterior"], many["coefficients"] ?? many["posterior"]);
        AssertClose(one["log_likelihood"], many["log_likelihood"]);
        tool.Succeed("predict --model {one.zip} --data {all.csv} --out {one.csv}");
        tool.Succeed("predict --model {many.zip} --data {all.csv} --out {many.csv}");
        var (first, second) = (File.ReadAllLines(tool["one.csv"]), File.ReadAllLines(tool["many.csv"]));
        Assert.Equal(61, first.Length);
        foreach (var (a, b) in first.Skip(1).Zip(second.Skip(1)))
        {
            foreach (var (x, y) in a.Split(',').Zip(b.Split(',')).Where(pair => double.TryParse(pair.First, out _)))
                Assert.Equal(double.Parse(x), double.Parse(y), 1e-5 * Math.Max(1, Math.Abs(double.Parse(x))));
        }
    }

    [Fact]
    public void Files_may_be_named_one_by_one()
    {
        string table = tool.Succeed("fit --shards {part-0.csv} {part-1.csv} {part-3.csv} --label y --family poisson --out {m.zip}");
        Assert.Contains("60 rows", table, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_shards_is_said()
    {
        const string Fit = "fit --label y --family poisson --out {m.zip} ";
        tool.Fail(2, Fit + "--shards {part-0.csv} {part-0.csv}", "twice");
        tool.Fail(2, Fit + "--shards {part-0.csv} --data {all.csv}", "--shards does not go with --data");
        tool.Fail(2, Fit + "--shards {part-0.csv} --path", "--shards does not go with --path");
        tool.Fail(2, Fit + "--shards {part-0.csv} --model gp", "--shards with --model gp needs --inference sgpr or fitc");
        tool.Fail(2, Fit, "'--data' is required");
        tool.Fail(1, Fit + "--shards {none-*.csv}", "no file fits");
        tool.Fail(1, Fit + "--shards {part-0.csv} {gone.csv}", "there is no file");
        tool.Write("copy.csv", File.ReadAllText(tool["part-1.csv"]));
        tool.Fail(1, Fit + "--shards {part-*.csv} {copy.csv}", "part-1.csv", "copy.csv", "hold the same 22 rows");
        tool.Write("more.csv", "x,city,y,z\n1,Bonn,2,3\n");
        tool.Fail(1, Fit + "--shards {part-0.csv} {more.csv}", "more.csv has a column 'z' that part-0.csv has not");
        tool.Write("less.csv", "x,y\n1,2\n");
        tool.Fail(1, Fit + "--shards {part-0.csv} {less.csv}", "less.csv lacks the column 'city'");
        tool.Write("bad.csv", "y,x,city,time,big\n-2,1,Bonn,1,no\n");
        tool.Fail(1, Fit + "--shards {part-0.csv} {bad.csv}", "bad.csv", "row 1 of 'y' is '-2'");
        tool.Write("text.csv", "y,x,city,time,big\n2,1,Bonn,1,no\n2,many,Bonn,1,no\n");
        tool.Fail(1, Fit + "--shards {part-0.csv} {text.csv}", "text.csv: row 2 of 'x' is 'many'");
        tool.Fail(1, Fit + "--shards {part-2.csv}", "part-2.csv has a header but no rows");
    }

    private static void AssertClose(JsonNode? one, JsonNode? many)
    {
        switch (one)
        {
            case JsonObject first:
                foreach (var (name, value) in first)
                    AssertClose(value, many![name]);
                break;
            case JsonArray first:
                Assert.Equal(first.Count, many!.AsArray().Count);
                for (int i = 0; i < first.Count; i++)
                    AssertClose(first[i], many[i]);
                break;
            case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                Assert.Equal((double)value, (double)many!, 1e-8 * Math.Max(1e-3, Math.Abs((double)value)));
                break;
            default:
                Assert.Equal(one?.ToJsonString(), many?.ToJsonString());
                break;
        }
    }
}
