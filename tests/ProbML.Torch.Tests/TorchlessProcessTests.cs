using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using ProbML.Laws;
using ProbML.Torch.Tests.Flows;
using ProbML.Torch.Tests.Vae;

namespace ProbML.Torch.Tests;

/// <summary>Trained with libtorch, scored in a process that has none.</summary>
public sealed class TorchlessProcessTests
{
    private static readonly Component[] Components =
    [
        VaeComponents.Encoder, VaeComponents.Detector, VaeComponents.FlowPosteriors[^1],
        FlowComponents.Transform, FlowComponents.Detector, FlowComponents.Regression,
    ];

    public static TheoryData<string> Names => [.. Components.Select(component => component.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_saved_model_scores_without_TorchSharp_and_libtorch(string name)
    {
        string folder = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace("ProbML.Torch.Tests", "ProbML.OnnxProcess", StringComparison.Ordinal)));
        Assert.True(File.Exists(Path.Combine(folder, "Microsoft.ML.OnnxRuntime.dll")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories),
            file => Path.GetFileName(file).Contains("torch", StringComparison.OrdinalIgnoreCase));
        string program = Path.Combine(folder, "ProbML.OnnxProcess.dll");
        Assert.DoesNotContain(
            "torch", File.ReadAllText(Path.ChangeExtension(program, ".deps.json")), StringComparison.OrdinalIgnoreCase);

        var component = Components.Single(one => one.Name == name);
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var data = context.View(rows);
        var model = component.Create(context, new(component.Roles)).Fit(data);
        string path = Path.GetTempFileName();
        try
        {
            context.Model.Save(model, data.Schema, path);
            var expected = Scores.Read(model.Transform(context.View(rows[..20]))).Slots(component.Score);
            string[] printed = Run(program, [path, component.Score], rows[..20].Select(row => string.Join(' ', [.. row.Features.Select(x => $"{x}"), row.Group, row.Category])));
            Assert.Equal(20, printed.Length);
            for (int i = 0; i < 20; i++)
            {
                float[] scores = [.. printed[i].Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
                foreach (var (score, other) in expected[i].Concat(expected[i]).Zip(scores))
                    Scores.AssertClose(score, other, 1e-5, $"row {i}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] Run(string program, string[] arguments, IEnumerable<string> input)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(host, [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        foreach (string line in input)
            process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
