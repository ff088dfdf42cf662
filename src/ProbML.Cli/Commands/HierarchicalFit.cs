using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>Fits hierarchical regressions.</summary>
internal sealed class HierarchicalFit(HierarchicalOptions options) : FamilyFit<HierarchicalModel>
{
    private const string LoadName = "ProbMLHierarchical";

    protected override ProbabilisticTrainer<HierarchicalModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends)
    {
        var task = HierarchicalChoice.Task(options);
        var fitter = new HierarchicalFitter(options, task);
        columns = columns with { Groups = fitter.GroupColumns };
        return task == PredictionTask.BinaryClassification
            ? ProbabilisticTrainer.Create(ml.BinaryClassification.Trainers, fitter, task, columns, monitor, LoadName)
            : ProbabilisticTrainer.Create(ml.Regression.Trainers, fitter, task, columns, monitor, LoadName);
    }

    public override FitSize Size(HierarchicalModel model) => new(model.Converged, model.Coefficients.Count, []);

    /// <summary>Of the population: rows come without their groups here.</summary>
    public override (double? Eta, JsonNode? Mean) At(HierarchicalModel model, double[] features, double offset)
    {
        var at = model.Predict(features, offset: offset);
        return (at.LinearPredictor, Json.Number(at.Mean));
    }

    public override LikelihoodRatioTest Compare(HierarchicalModel reduced, HierarchicalModel full) => throw BayesReport.NoTest();

    public override JsonObject Report(HierarchicalModel model, FitFacts facts, DropTest<HierarchicalModel>? test) =>
        HierarchicalReport.Build(model, facts);

    public override void Print(Terminal terminal, HierarchicalModel model, JsonObject report) =>
        terminal.Output.WriteLine(model.ToString());
}
