namespace ProbML.Cli.Tests;

/// <summary><c>probml drift</c> of rows in many files, and of sketches kept in their place.</summary>
public sealed class DriftSketchTests : IDisposable
{
    private readonly Tool tool = new();

    public DriftSketchTests()
    {
        for (int k = 0; k < 3; k++)
        {
            tool.Write($"ref-{k}.csv", DriftTests.Rows(150, 1 + k, 0));
            tool.Write($"calm-{k}.csv", DriftTests.Rows(150, 11 + k, 0));
            tool.Write($"cur-{k}.csv", DriftTests.Rows(150, 21 + k, 0.8));
        }
        tool.Write("calm-3.csv", "age,income,city\n");                     // a night without rows
    }

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Many_files_are_compared_as_one()
    {
        Assert.StartsWith("No drift", tool.Succeed("drift --reference {ref-*.csv} --current {calm-*.csv}"), StringComparison.Ordinal);
        var answer = tool.Run("drift --reference {ref-*.csv} --current {cur-*.csv} --html {r.html}");
        Assert.Equal((DriftCommand.Drift, ""), (answer.Code, answer.Error));
        Assert.Contains("cur-", File.ReadAllText(tool["r.html"]), StringComparison.Ordinal);
        var json = tool.Json("drift --reference {ref-*.csv} --current {cur-*.csv}");
        Assert.Equal("income", json["features"]![0]!["name"]!.GetValue<string>());
        Assert.Equal((450, 450), ((int)json["referenceRows"]!, (int)json["currentRows"]!));
        Assert.Contains("cur-", (string)json["rows"]![0]!["source"]!, StringComparison.Ordinal);
        Assert.Equal(0, tool.Run("drift --reference {ref-*.csv} --current {cur-*.csv} --ignore income").Code);
    }

    /// <summary>A sketch instead of the rows changes nothing; nor does one that is merged of two.</summary>
    [Fact]
    public void A_sketch_stands_for_its_files()
    {
        string kept = tool.Succeed("drift --reference {ref-*.csv} --sketch-out {ref.sketch}");
        Assert.StartsWith("450 rows of 3 columns from 3 sources: 450 drawn", kept, StringComparison.Ordinal);
        string rows = tool.Run("drift --json --reference {ref-*.csv} --current {cur-*.csv} --sketch-out {also.sketch}").Output;
        Assert.Equal(File.ReadAllBytes(tool["ref.sketch"]), File.ReadAllBytes(tool["also.sketch"]));
        Assert.Equal(rows, tool.Run("drift --json --reference {ref.sketch} --current {cur-*.csv}").Output);
        tool.Succeed("drift --reference {ref-2.csv} --sketch-out {two.sketch}");
        Assert.Equal(rows, tool.Run("drift --json --reference {two.sketch} {ref-0.csv} {ref-1.csv} --current {cur-0.csv} {cur-1.csv} {cur-2.csv}").Output);
        tool.Succeed("drift --reference {cur-*.csv} --sketch-out {cur.sketch}");
        Assert.Equal(rows, tool.Run("drift --json --reference {ref.sketch} --current {cur.sketch}").Output);
        Assert.Equal(450, (int)tool.Json("drift --reference {ref.sketch} --sketch-out {again.sketch}")["rows"]!);
        Assert.Equal(File.ReadAllBytes(tool["ref.sketch"]), File.ReadAllBytes(tool["again.sketch"]));
        Assert.Equal(100, (int)tool.Json("drift --reference {ref-0.csv} --sample 100 --sketch-out {few.sketch}")["drawnRows"]!);
    }

    [Fact]
    public void Mistakes_are_one_line()
    {
        tool.Succeed("drift --reference {ref-0.csv} --sketch-out {ref.sketch}");
        tool.Fail(2, "drift --reference {ref-0.csv}", "'--current' is required");
        tool.Fail(2, "drift --reference {ref-0.csv} {ref-0.csv} --current {cur-0.csv}", "--reference names", "twice");
        tool.Fail(1, "drift --reference {none-*.csv} --current {cur-0.csv}", "no file fits");
        tool.Fail(2, "drift --reference {ref-0.csv} --sketch-out {ref-0.csv}", "is a file that is read");
        tool.Fail(2, "drift --reference {ref-0.csv} --current {cur-0.csv} --sample 3", "--sample must be a whole number from 10");
        tool.Fail(1, "drift --reference {ref.sketch} --current {cur-0.csv} --ignore nothing", "no column 'nothing'");
        tool.Fail(2, "drift --reference {ref.sketch} --current {cur-0.csv} --categorical age", "ref.sketch was made with numbers there");
        tool.Fail(1, "drift --reference {ref.sketch} {ref-0.csv} --current {cur-0.csv}", "ref-0.csv' are in both");
        tool.Write("copy.csv", File.ReadAllText(tool["ref-0.csv"]));
        tool.Fail(1, "drift --reference {ref-0.csv} {copy.csv} --current {cur-0.csv}", "hold the same 150 rows", "--allow-duplicates");
        Assert.Equal(3, tool.Run("drift --reference {ref-0.csv} {copy.csv} --current {cur-0.csv} --allow-duplicates").Code);
        tool.Write("more.csv", "age,income,city,z\n1,2,Rome,3\n");
        tool.Fail(1, "drift --reference {ref.sketch} --current {more.csv}", "ref.sketch has no column 'z'", "--ignore");
        tool.Write("text.csv", "age,income,city\nold,2,Rome\n");
        tool.Fail(1, "drift --reference {ref.sketch} --current {text.csv}", "text.csv: row 1 of 'age' is 'old'");
        tool.Fail(1, "drift --reference {ref-0.csv} --current {cur-0.csv} {text.csv}", "text.csv", "'age'");
        byte[] bytes = File.ReadAllBytes(tool["ref.sketch"]);
        bytes[200] ^= 1;
        File.WriteAllBytes(tool["bad.sketch"], bytes);
        tool.Fail(1, "drift --reference {bad.sketch} --current {cur-0.csv}", "bad.sketch: The sketch was damaged");
        File.WriteAllBytes(tool["short.sketch"], bytes[..100]);
        tool.Fail(1, "drift --reference {short.sketch} --current {cur-0.csv}", "short.sketch: The sketch was damaged");
        tool.Fail(1, "drift --reference {ref.sketch} --current {calm-3.csv}", "current sample has 0 rows");
    }
}
