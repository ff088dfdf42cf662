using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>What fitting needs to know of multinomial, ordinal and Tobit models.</summary>
internal abstract class VectorFamilyFit<TModel>(InferenceChoice choice) : FamilyFit<TModel>
    where TModel : VectorGlmModel, IScoringModel<TModel>
{
    public override FitSize Size(TModel model) => new(model.Converged, model.Statistics.ParameterCount, model.Coefficients);

    public override LikelihoodRatioTest Compare(TModel reduced, TModel full) => LikelihoodRatioTest.Compare(reduced, full);

    public override JsonObject Report(TModel model, FitFacts facts, DropTest<TModel>? test) =>
        VectorReport.Build(VectorFit.Of(model), facts, test?.Json(test.Reduced.Statistics), Extras);

    public override void Print(Terminal terminal, TModel model, JsonObject report) =>
        VectorTable.Print(terminal, VectorFit.Of(model), report);

    protected IFitter<TModel> Extended(IFitter<TModel> fitter, bool extends) => extends
        ? new ExtendedVectorFitter<TModel>(fitter, choice, Clusters, extras => Extras = extras, With)
        : fitter;

    protected abstract TModel With(TModel model, RobustCovariance robust);
}

/// <summary>Fits softmax models.</summary>
internal sealed class MultinomialFit(MultinomialOptions options, InferenceChoice choice)
    : VectorFamilyFit<MultinomialModel>(choice)
{
    protected override ProbabilisticTrainer<MultinomialModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) => ProbabilisticTrainer.Create(
            ml.MulticlassClassification.Trainers,
            new ClassFitter<MultinomialModel>(names => Extended(new MultinomialFitter(names, options), extends)),
            columns,
            monitor,
            "ProbMLMultinomial");

    public override (double? Eta, JsonNode? Mean) At(MultinomialModel model, double[] features, double offset) =>
        (null, Json.Array(model.Probabilities(features)));

    protected override MultinomialModel With(MultinomialModel model, RobustCovariance robust) => model.WithCovariance(robust);
}

/// <summary>Fits cumulative-link models.</summary>
internal sealed class OrdinalFit(OrdinalOptions options, InferenceChoice choice) : VectorFamilyFit<OrdinalModel>(choice)
{
    protected override ProbabilisticTrainer<OrdinalModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) => ProbabilisticTrainer.Create(
            ml.MulticlassClassification.Trainers,
            new ClassFitter<OrdinalModel>(names => Extended(new OrdinalFitter(names, options), extends)),
            columns,
            monitor,
            "ProbMLOrdinal");

    public override (double? Eta, JsonNode? Mean) At(OrdinalModel model, double[] features, double offset) =>
        (null, Json.Array(model.Probabilities(features, offset)));

    protected override OrdinalModel With(OrdinalModel model, RobustCovariance robust) => model.WithCovariance(robust);
}

/// <summary>Fits censored normal models.</summary>
internal sealed class TobitFit(TobitOptions options, InferenceChoice choice) : VectorFamilyFit<TobitModel>(choice)
{
    protected override ProbabilisticTrainer<TobitModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) => ProbabilisticTrainer.Create(
            ml.Regression.Trainers,
            Extended(new TobitFitter(options), extends),
            PredictionTask.Regression,
            columns,
            monitor,
            "ProbMLTobit");

    public override (double? Eta, JsonNode? Mean) At(TobitModel model, double[] features, double offset) =>
        (model.LatentMean(features, offset), Json.Number(model.Mean(features, offset)));

    protected override TobitModel With(TobitModel model, RobustCovariance robust) => model.WithCovariance(robust);
}
