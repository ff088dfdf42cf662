using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>A density ratio by a classifier on products of features.</summary>
internal sealed record RatioSpec(DensityRatioOptions Options, LabelKind Kind) : ModelSpec
{
    public override LabelKind Label => Kind;
}

/// <summary>Fits density ratios.</summary>
internal sealed class RatioFit(DensityRatioOptions options) : FamilyFit<DensityRatioModel>
{
    protected override ProbabilisticTrainer<DensityRatioModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) =>
        ml.BinaryClassification.Trainers.DensityRatio(options, columns.Label, columns.Features, columns.Weight, monitor);

    public override FitSize Size(DensityRatioModel model) => new(Converged: true, model.Components, []);

    public override (double? Eta, JsonNode? Mean) At(DensityRatioModel model, double[] features, double offset)
    {
        double log = model.LogRatio(features);
        return (log, Json.Number(Math.Exp(log)));
    }

    public override LikelihoodRatioTest Compare(DensityRatioModel reduced, DensityRatioModel full) =>
        throw new NotSupportedException("Density ratios have no likelihood-ratio test.");

    public override JsonObject Report(DensityRatioModel model, FitFacts facts, DropTest<DensityRatioModel>? test) =>
        RatioReport.Build(model, facts);

    public override void Print(Terminal terminal, DensityRatioModel model, JsonObject report) => RatioTable.Print(terminal, report);
}
