using System.Diagnostics;

namespace ProbML.Onnx.Tests;

/// <summary>The standard's own checker, from the python3-onnx package where there is one.</summary>
internal static class OnnxChecker
{
    private const string Python = "/usr/bin/python3";
    private const string Script =
        "import sys, onnx; m = onnx.load_model_from_string(sys.stdin.buffer.read());"
        + " onnx.checker.check_model(m, full_check=len(sys.argv) == 1); print(len(m.graph.node))";

    private static readonly Lazy<bool> Present = new(() => File.Exists(Python) && Run("import onnx", []).Code == 0);

    /// <summary>Checks a file; skips the test where there is no checker.</summary>
    /// <param name="model">The file.</param>
    /// <param name="infersTypes">
    /// Whether shapes and types too are checked; those of the ai.onnx.ml domain, ML.NET's scalers and trees, it cannot infer.
    /// </param>
    public static void Check(ReadOnlySpan<byte> model, bool infersTypes = true)
    {
        if (!Present.Value)
            Assert.Skip("The checker needs Debian's python3-onnx.");
        var (code, output) = Run(Script, model, infersTypes ? [] : ["structure"]);
        Assert.True(code == 0, output);
    }

    private static (int Code, string Output) Run(string script, ReadOnlySpan<byte> input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, ["-c", script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
