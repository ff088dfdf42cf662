using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ProbML.Cli.Tests;

/// <summary>The tool as it is installed, without libtorch beside it.</summary>
public sealed class VaeProcessTests : IDisposable
{
    private const string Fit =
        "fit --model vae --data d.csv --features x,city --latent 2 --hidden 4 --epochs 1 --device cpu --out m.zip";

    private readonly Tool tool = new();

    public VaeProcessTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Without_libtorch_fit_says_in_one_line_what_to_do()
    {
        var (code, error) = Start(Fit);
        Assert.Equal(2, code);
        Assert.StartsWith("probml: --model vae trains with libtorch", error, StringComparison.Ordinal);
        Assert.Contains("PROBML_LIBTORCH", error, StringComparison.Ordinal);
        Assert.Contains("TorchSharp-cpu", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.Equal([tool["d.csv"]], Directory.GetFileSystemEntries(tool.Folder));
    }

    [Fact]
    public void With_the_libtorch_of_an_installation_it_fits_and_scoring_needs_none()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Skip("Only on 64-bit Linux.");
        string libraries = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        Assert.Equal((0, ""), Start(Fit, ("PROBML_LIBTORCH", libraries)));
        Assert.Equal((0, ""), Start("predict --model m.zip --data d.csv --out s.csv"));
        Assert.Equal(61, File.ReadAllLines(tool["s.csv"]).Length);
        Assert.Equal((0, ""), Start("summary m.zip"));
    }

    [Theory]
    [InlineData("fit --data d.csv --label y --family poisson --features x,city --out g.zip", false)]
    [InlineData("fit --model gp --data d.csv --label y --features x,city --restarts 0 --out g.zip", false)]
    [InlineData("fit --model gp --data d.csv --label y --features x,city --restarts 0 --device cpu --out g.zip", true)]
    [InlineData("fit --help", false)]
    [InlineData(Fit, true)]
    public void Only_a_fit_of_this_kind_loads_TorchSharp(string line, bool loads)
    {
        string trace = tool["trace.nettrace"];
        const string LoadedAssemblies = "Microsoft-Windows-DotNETRuntime:0x8:4";
        var (code, _) = Start(
            line,
            ("DOTNET_EnableEventPipe", "1"),
            ("DOTNET_EventPipeConfig", LoadedAssemblies),
            ("DOTNET_EventPipeOutputPath", trace));
        Assert.Equal(loads ? 2 : 0, code);
        byte[] events = File.ReadAllBytes(trace);
        Assert.True(Holds("ProbML.Cli"));
        Assert.Equal(loads, Holds("TorchSharp"));
        Assert.Equal(loads, Holds("ProbML.Torch"));
        Assert.False(Holds("Microsoft.ML.OnnxRuntime"));

        bool Holds(string assembly) => events.AsSpan().IndexOf(Encoding.Unicode.GetBytes(assembly + ", Version")) >= 0;
    }

    private (int Code, string Error) Start(string arguments, params (string Name, string Value)[] environment)
    {
        string program = Path.Combine(
            AppContext.BaseDirectory.Replace(
                Path.Combine("tests", "ProbML.Cli.Tests"), Path.Combine("src", "ProbML.Cli"), StringComparison.Ordinal),
            "ProbML.Cli.dll");
        var start = new ProcessStartInfo("dotnet", $"\"{program}\" {arguments}")
        {
            WorkingDirectory = tool.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PROBML_LIBTORCH");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.GetAwaiter().GetResult());
    }
}
