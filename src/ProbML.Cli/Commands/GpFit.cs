using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>A Gaussian process of a label of numbers.</summary>
internal sealed record GpSpec(GaussianProcessOptions Options) : ModelSpec
{
    public override LabelKind Label => LabelKind.Number;
}

/// <summary>Fits Gaussian processes.</summary>
internal sealed class GpFit(GaussianProcessOptions options) : FamilyFit<GaussianProcessModel>
{
    protected override ProbabilisticTrainer<GaussianProcessModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) =>
        ProbabilisticTrainer.Create(
            ml.Regression.Trainers, new GaussianProcessFitter(options), PredictionTask.Regression, columns, monitor, "ProbMLGaussianProcess");

    public override FitSize Size(GaussianProcessModel model) => new(model.Summary.Converged, model.Hyperparameters.Count, []);

    public override (double? Eta, JsonNode? Mean) At(GaussianProcessModel model, double[] features, double offset)
    {
        double[] mean = new double[1];
        model.PredictLatent(features, mean, default);
        return (null, Json.Number(mean[0] + offset));
    }

    public override LikelihoodRatioTest Compare(GaussianProcessModel reduced, GaussianProcessModel full) =>
        throw new NotSupportedException("Gaussian processes have no likelihood-ratio test: compare log marginal likelihoods.");

    public override JsonObject Report(GaussianProcessModel model, FitFacts facts, DropTest<GaussianProcessModel>? test) =>
        GpReport.Build(model, facts);

    public override void Print(Terminal terminal, GaussianProcessModel model, JsonObject report) =>
        terminal.Output.WriteLine(model.ToString());
}
