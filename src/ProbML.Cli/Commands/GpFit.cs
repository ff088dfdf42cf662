using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>A Gaussian process.</summary>
internal sealed record GpSpec(GaussianProcessOptions Options) : ModelSpec
{
    public PredictionTask Task =>
        Options.Likelihood is BernoulliLikelihood ? PredictionTask.BinaryClassification : PredictionTask.Regression;

    public override LabelKind Label => Task == PredictionTask.BinaryClassification ? LabelKind.TwoClasses : LabelKind.Number;
}

/// <summary>Fits Gaussian processes.</summary>
internal sealed class GpFit(GaussianProcessOptions given) : FamilyFit<GaussianProcessModel>
{
    private GaussianProcessOptions options = given;

    public override void Prepare(FitRequest request, FitPlan plan) => options = GpOutputs.For(request, plan, options);

    protected override ProbabilisticTrainer<GaussianProcessModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends)
    {
        const string LoadName = "ProbMLGaussianProcess";
        var task = new GpSpec(options).Task;
        var fitter = new GaussianProcessFitter(options, task);
        return task == PredictionTask.BinaryClassification
            ? ProbabilisticTrainer.Create(ml.BinaryClassification.Trainers, fitter, task, columns, monitor, LoadName)
            : ProbabilisticTrainer.Create(ml.Regression.Trainers, fitter, task, columns, monitor, LoadName);
    }

    public override FitSize Size(GaussianProcessModel model) => new(model.Summary.Converged, model.Hyperparameters.Count, []);

    public override (double? Eta, JsonNode? Mean) At(GaussianProcessModel model, double[] features, double offset)
    {
        var at = model.Predict(features, offset);
        return (model.Likelihood is LatentLikelihood ? at.Latent : null, Json.Number(at.Mean));
    }

    public override LikelihoodRatioTest Compare(GaussianProcessModel reduced, GaussianProcessModel full) =>
        throw new NotSupportedException("Gaussian processes have no likelihood-ratio test: compare log marginal likelihoods.");

    public override JsonObject Report(GaussianProcessModel model, FitFacts facts, DropTest<GaussianProcessModel>? test) =>
        GpReport.Build(model, facts);

    public override void Print(Terminal terminal, GaussianProcessModel model, JsonObject report) => Print(terminal, model, report["outputs"]);

    /// <summary>The model, and what its outputs have in common.</summary>
    public static void Print(Terminal terminal, GaussianProcessModel model, JsonNode? outputs)
    {
        terminal.Output.WriteLine(model.ToString());
        if (outputs is not null)
            GpOutputs.Print(terminal, outputs);
    }
}
