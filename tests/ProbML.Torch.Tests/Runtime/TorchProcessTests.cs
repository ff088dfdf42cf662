using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProbML.Torch.Tests;

/// <summary>An application that brings no libtorch, in processes of its own.</summary>
public sealed class TorchProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("probml-libtorch").FullName;

    [Fact]
    public void With_no_package_the_message_names_them()
    {
        string said = Run(code: 1);
        Assert.StartsWith("DllNotFoundException:", said);
        foreach (string package in new[] { "TorchSharp-cpu", "TorchSharp-cuda-linux", "TorchSharp-cuda-windows", "0.107.0" })
            Assert.Contains(package, said);
        Assert.Contains("PROBML_LIBTORCH", said);
    }

    [Fact]
    public void A_folder_with_libtorch_serves_and_is_the_only_one()
    {
        LinkPackages();
        string said = Run(code: 0, ("PROBML_LIBTORCH", folder));
        Assert.Contains("sum 6", said);
        string mapped = said.Split('\n').Single(line => line.StartsWith("mapped", StringComparison.Ordinal));
        Assert.Single(mapped.Split(' ')[1..]);
        Assert.Contains("copied False", said);
    }

    [Fact]
    public void Of_the_right_version_none_is_tried_out()
    {
        LinkPackages();
        Assert.Contains("sum 6", Run(code: 0, ("PROBML_LIBTORCH", folder), ("PROBML_LIBTORCH_ANY", "1")));
    }

    [Fact]
    public void A_folder_without_libtorch_is_named()
    {
        string said = Run(code: 1, ("PROBML_LIBTORCH", folder));
        Assert.StartsWith("DllNotFoundException:", said);
        Assert.Contains(folder, said);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1")]
    public void Another_version_is_refused_before_it_does_harm(string? any)
    {
        const string System = "/usr/lib/x86_64-linux-gnu";
        if (!File.Exists(Path.Combine(System, "libtorch_cpu.so")))
            Assert.Skip("The system has no libtorch of its own.");
        string said = Run(code: 1, ("PROBML_LIBTORCH", System), ("PROBML_LIBTORCH_ANY", any));
        Assert.Contains("2.10", said);
        if (any is null)
            Assert.StartsWith("InvalidOperationException:", said);
        Assert.DoesNotContain("TypeInitialization", said);
        Assert.False(Directory.Exists(Path.Combine(Path.GetDirectoryName(Program)!, "cpu")));
    }

    [Fact]
    public void The_copy_that_RHEL_9_needs_loads_with_every_symbol_bound()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Skip("Only on 64-bit Linux.");
        string said = Run(code: 0, ["relaxed", NativeFolder.Packages], ("LD_BIND_NOW", "1"));
        Assert.Contains("changed True, loaded True", said);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Program => Path.Combine(
        AppContext.BaseDirectory.Replace("ProbML.Torch.Tests", "ProbML.TorchProcess", StringComparison.Ordinal),
        "ProbML.TorchProcess.dll");

    private void LinkPackages()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Skip("Only on 64-bit Linux.");
        foreach (string library in Directory.GetFiles(NativeFolder.Packages))
        {
            string name = Path.GetFileName(library);
            if (name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal)
                || name.StartsWith("libgomp", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(folder, name), library);
            }
        }
    }

    private static string Run(int code, params (string Name, string? Value)[] environment) => Run(code, [], environment);

    private static string Run(int code, string[] arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet"
            ? host
            : "dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PROBML_LIBTORCH");
        start.Environment.Remove("PROBML_LIBTORCH_ANY");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd().Trim();
        Assert.True(process.WaitForExit(60_000));
        Assert.True(process.ExitCode == code, $"exit code {process.ExitCode}: {said}\n{error.Result}");
        return said;
    }
}
