using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>Fits Bayesian linear regression.</summary>
internal sealed class BayesianLinearFit(BayesianLinearOptions options) : FamilyFit<BayesianLinearModel>
{
    protected override ProbabilisticTrainer<BayesianLinearModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) =>
        ProbabilisticTrainer.Create(
            ml.Regression.Trainers, new BayesianLinearFitter(options), PredictionTask.Regression, columns, monitor, "ProbMLBayesianLinear");

    public override FitSize Size(BayesianLinearModel model) => new(model.Converged, model.Coefficients.Count, []);

    public override (double? Eta, JsonNode? Mean) At(BayesianLinearModel model, double[] features, double offset) =>
        model.Predict(features, offset).Mean is var mean ? (mean, Json.Number(mean)) : default;

    public override LikelihoodRatioTest Compare(BayesianLinearModel reduced, BayesianLinearModel full) => throw BayesReport.NoTest();

    public override JsonObject Report(BayesianLinearModel model, FitFacts facts, DropTest<BayesianLinearModel>? test) =>
        BayesReport.Build(model, facts);

    public override void Print(Terminal terminal, BayesianLinearModel model, JsonObject report) =>
        terminal.Output.WriteLine(model.ToString());
}

/// <summary>Fits Bayesian generalized linear models.</summary>
internal sealed class BayesianGlmFit(BayesianGlmOptions options) : FamilyFit<BayesianGlmModel>
{
    private const string LoadName = "ProbMLBayesianGlm";

    protected override ProbabilisticTrainer<BayesianGlmModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends)
    {
        var task = options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        var fitter = new BayesianGlmFitter(options, task);
        return task == PredictionTask.BinaryClassification
            ? ProbabilisticTrainer.Create(ml.BinaryClassification.Trainers, fitter, task, columns, monitor, LoadName)
            : ProbabilisticTrainer.Create(ml.Regression.Trainers, fitter, task, columns, monitor, LoadName);
    }

    public override FitSize Size(BayesianGlmModel model) => new(model.Converged, model.Coefficients.Count, []);

    public override (double? Eta, JsonNode? Mean) At(BayesianGlmModel model, double[] features, double offset)
    {
        var at = model.Predict(features, offset);
        return (at.LinearPredictor, Json.Number(at.Mean));
    }

    public override LikelihoodRatioTest Compare(BayesianGlmModel reduced, BayesianGlmModel full) => throw BayesReport.NoTest();

    public override JsonObject Report(BayesianGlmModel model, FitFacts facts, DropTest<BayesianGlmModel>? test) =>
        BayesReport.Build(model, facts);

    public override void Print(Terminal terminal, BayesianGlmModel model, JsonObject report) =>
        terminal.Output.WriteLine(model.ToString());
}
