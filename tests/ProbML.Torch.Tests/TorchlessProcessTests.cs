using Microsoft.ML;
using ProbML.Laws;
using ProbML.Torch.Tests.DensityRatios;
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
        RatioNetworkConformance.Component,
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
        ScoringProcess.AssertScoresTheSame(
            [program], SavingLaws.Save(context, model, data.Schema), model, context, rows[..20], component.Score, 1e-5);
    }
}
