using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

/// <summary>The tool as a process of its own: a fresh runtime, real streams, real exit codes.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly Tool tool = new();

    public void Dispose() => tool.Dispose();

    [Fact]
    public void A_model_goes_from_one_process_to_the_next()
    {
        tool.Write("d.csv", Samples.Counts());
        var (code, output, error) = Start("fit --data d.csv --label y --family poisson --features x,city --out m.zip --json");
        Assert.Equal((0, ""), (code, error));
        var report = JsonNode.Parse(output)!;
        (code, output, error) = Start("summary m.zip --json");
        Assert.Equal((0, ""), (code, error));
        Assert.True(JsonNode.DeepEquals(report, JsonNode.Parse(output)));
        (code, output, error) = Start("predict --model m.zip --data d.csv --out s.csv");
        Assert.Equal((0, "", ""), (code, output, error));
        Assert.Equal(61, File.ReadAllLines(tool["s.csv"]).Length);
        (code, output, error) = Start("predict --model m.zip --data none.csv --out s.csv");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("probml: there is no file none.csv", error, StringComparison.Ordinal);
        Assert.Equal(2, Start("fit").Code);
    }

    private (int Code, string Output, string Error) Start(string arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ProbML.Cli.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", $"\"{program}\" {arguments}")
        {
            WorkingDirectory = tool.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
