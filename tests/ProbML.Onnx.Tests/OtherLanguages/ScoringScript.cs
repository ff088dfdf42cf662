using System.Diagnostics;
using System.Text.Json;
using ProbML.Tests;

namespace ProbML.Onnx.Tests;

/// <summary>A script of samples/OnnxExport, which scores rows of JSON with an ONNX file in another language.</summary>
/// <param name="program">What runs it.</param>
/// <param name="script">Its file.</param>
/// <param name="probe">An expression that fails where what the script needs is absent.</param>
/// <param name="remedy">How to get it.</param>
internal sealed class ScoringScript(string program, string script, string[] probe, string remedy)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "samples", "OnnxExport");

    private readonly Lazy<bool> isPresent = new(() => Run(program, probe) is { Code: 0 });

    public static ScoringScript Node { get; } = new(
        "node",
        "score.mjs",
        ["--input-type=module", "--eval", "import 'onnxruntime-node'"],
        "Node.js needs onnxruntime-node: npm install --ignore-scripts in samples/OnnxExport.");

    public static ScoringScript Python { get; } = new(
        "python3",
        "score.py",
        ["-c", "import numpy\ntry:\n  import onnxruntime\nexcept ImportError:\n  import onnx.reference"],
        "Python needs onnxruntime, or onnx 1.13 or later.");

    /// <summary>All outputs, row after row; skips the test where the language or its package is absent.</summary>
    public Dictionary<string, double?[]> Score(byte[] model, IReadOnlyDictionary<string, object> columns)
    {
        if (!isPresent.Value)
            Assert.Skip(remedy);
        var folder = Directory.CreateTempSubdirectory("probml-score-");
        try
        {
            string file = Path.Combine(folder.FullName, "model.onnx"), rows = Path.Combine(folder.FullName, "rows.json");
            File.WriteAllBytes(file, model);
            File.WriteAllText(rows, JsonSerializer.Serialize(columns));
            var (code, output, errors) = Run(program, [script, file, rows])!.Value;
            Assert.True(code == 0, errors);
            return JsonSerializer.Deserialize<Dictionary<string, double?[]>>(output)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Output, string Errors)? Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;                                                 // no such program
        }
    }
}
