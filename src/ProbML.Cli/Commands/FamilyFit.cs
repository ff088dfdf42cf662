using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>What fitting needs to know of a kind of model.</summary>
internal abstract class FamilyFit<TModel>
    where TModel : class, IScoringModel<TModel>
{
    public abstract ProbabilisticTrainer<TModel> Trainer(MLContext ml, ColumnRoles columns, TrainingMonitor monitor);

    /// <summary>What it estimated.</summary>
    public abstract FitSize Size(TModel model);

    /// <summary>η, where there is one, and the mean or the classes' probabilities, of a row.</summary>
    public abstract (double? Eta, JsonNode? Mean) At(TModel model, double[] features, double offset);

    public abstract LikelihoodRatioTest Compare(TModel reduced, TModel full);

    public abstract JsonObject Report(TModel model, FitFacts facts, DropTest<TModel>? test);

    public abstract void Print(Terminal terminal, TModel model, JsonObject report);
}

/// <summary>What a fit estimated.</summary>
/// <param name="Converged">Whether it reached its optimum.</param>
/// <param name="Parameters">How many parameters there are.</param>
/// <param name="Coefficients">All coefficients, in order.</param>
internal readonly record struct FitSize(bool Converged, int Parameters, IReadOnlyList<GlmCoefficient> Coefficients);

/// <summary>Fits generalized linear models.</summary>
internal sealed class GlmFit(GlmOptions options, InferenceChoice choice) : FamilyFit<GlmModel>
{
    private ExtendedFitter? first;

    public override ProbabilisticTrainer<GlmModel> Trainer(MLContext ml, ColumnRoles columns, TrainingMonitor monitor) =>
        options.Family is BernoulliFamily
            ? ProbabilisticTrainer.Create(
                ml.BinaryClassification.Trainers, Fitter(PredictionTask.BinaryClassification),
                PredictionTask.BinaryClassification, columns, monitor, LoadName)
            : ProbabilisticTrainer.Create(
                ml.Regression.Trainers, Fitter(PredictionTask.Regression), PredictionTask.Regression, columns, monitor,
                LoadName);

    public override FitSize Size(GlmModel model) => new(model.Converged, model.Statistics.Rank, model.Coefficients);

    public override (double? Eta, JsonNode? Mean) At(GlmModel model, double[] features, double offset)
    {
        double eta = model.LinearPredictor(features, offset).Eta;
        return (eta, FitReport.Number(model.Link.Inverse(eta).Mean));
    }

    public override LikelihoodRatioTest Compare(GlmModel reduced, GlmModel full) => LikelihoodRatioTest.Compare(reduced, full);

    public override JsonObject Report(GlmModel model, FitFacts facts, DropTest<GlmModel>? test) =>
        FitReport.Build(model, facts, test, first?.Extras);

    public override void Print(Terminal terminal, GlmModel model, JsonObject report) =>
        FitTable.Print(terminal, model, report);

    private const string LoadName = "ProbMLGlm";

    /// <summary>The labels of the rows' clusters, which are known once the file is.</summary>
    public Func<IReadOnlyList<int>>? Clusters { private get; set; }

    /// <summary>The first model is the one asked for; a reduced one needs nothing besides.</summary>
    private ExtendedFitter Fitter(PredictionTask task) => first is null
        ? first = new ExtendedFitter(options, choice, task, Clusters)
        : new ExtendedFitter(options, choice: null, task, clusters: null);
}

/// <summary>Fits softmax models.</summary>
internal sealed class MultinomialFit(MultinomialOptions options) : FamilyFit<MultinomialModel>
{
    public override ProbabilisticTrainer<MultinomialModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor) =>
        ml.MulticlassClassification.Trainers.MultinomialRegression(
            options, columns.Label, columns.Features, columns.Weight, monitor);

    public override FitSize Size(MultinomialModel model) =>
        new(model.Converged, model.Statistics.ParameterCount, model.Coefficients);

    public override (double? Eta, JsonNode? Mean) At(MultinomialModel model, double[] features, double offset) =>
        (null, FitReport.Array(model.Probabilities(features)));

    public override LikelihoodRatioTest Compare(MultinomialModel reduced, MultinomialModel full) => full.TestAgainst(reduced);

    public override JsonObject Report(MultinomialModel model, FitFacts facts, DropTest<MultinomialModel>? test) =>
        VectorReport.Build(VectorFit.Of(model), facts, test?.Json(test.Reduced.Statistics));

    public override void Print(Terminal terminal, MultinomialModel model, JsonObject report) =>
        VectorTable.Print(terminal, VectorFit.Of(model), report);
}

/// <summary>Fits cumulative-link models.</summary>
internal sealed class OrdinalFit(OrdinalOptions options) : FamilyFit<OrdinalModel>
{
    public override ProbabilisticTrainer<OrdinalModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor) =>
        ml.MulticlassClassification.Trainers.OrdinalRegression(
            options, columns.Label, columns.Features, columns.Weight, columns.Offset, monitor);

    public override FitSize Size(OrdinalModel model) =>
        new(model.Converged, model.Statistics.ParameterCount, model.Coefficients);

    public override (double? Eta, JsonNode? Mean) At(OrdinalModel model, double[] features, double offset) =>
        (null, FitReport.Array(model.Probabilities(features, offset)));

    public override LikelihoodRatioTest Compare(OrdinalModel reduced, OrdinalModel full) => full.TestAgainst(reduced);

    public override JsonObject Report(OrdinalModel model, FitFacts facts, DropTest<OrdinalModel>? test) =>
        VectorReport.Build(VectorFit.Of(model), facts, test?.Json(test.Reduced.Statistics));

    public override void Print(Terminal terminal, OrdinalModel model, JsonObject report) =>
        VectorTable.Print(terminal, VectorFit.Of(model), report);
}

/// <summary>Fits censored normal models.</summary>
internal sealed class TobitFit(TobitOptions options) : FamilyFit<TobitModel>
{
    public override ProbabilisticTrainer<TobitModel> Trainer(MLContext ml, ColumnRoles columns, TrainingMonitor monitor) =>
        ml.Regression.Trainers.TobitRegression(
            options, columns.Label, columns.Features, columns.Weight, columns.Offset, monitor);

    public override FitSize Size(TobitModel model) =>
        new(model.Converged, model.Statistics.ParameterCount, model.Coefficients);

    public override (double? Eta, JsonNode? Mean) At(TobitModel model, double[] features, double offset) =>
        (model.LatentMean(features, offset), FitReport.Number(model.Mean(features, offset)));

    public override LikelihoodRatioTest Compare(TobitModel reduced, TobitModel full) => full.TestAgainst(reduced);

    public override JsonObject Report(TobitModel model, FitFacts facts, DropTest<TobitModel>? test) =>
        VectorReport.Build(VectorFit.Of(model), facts, test?.Json(test.Reduced.Statistics));

    public override void Print(Terminal terminal, TobitModel model, JsonObject report) =>
        VectorTable.Print(terminal, VectorFit.Of(model), report);
}
