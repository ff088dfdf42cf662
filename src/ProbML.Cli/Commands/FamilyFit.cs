using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>What fitting needs to know of a kind of model.</summary>
internal abstract class FamilyFit<TModel>
    where TModel : class, IScoringModel<TModel>
{
    private bool hasTrainer;

    /// <summary>The labels of the rows' clusters, which are known once the file is; null: there are none.</summary>
    public Func<IReadOnlyList<int>>? Clusters { protected get; set; }

    /// <summary>Told of the file's columns before the first trainer is made.</summary>
    /// <exception cref="UsageException">What was asked for does not go with them.</exception>
    public virtual void Prepare(FitRequest request, FitPlan plan)
    {
    }

    /// <summary>What the first trainer's fit found besides its model.</summary>
    protected FitExtras? Extras { get; set; }

    /// <summary>The first trainer's model is the one asked for; a reduced one needs nothing besides.</summary>
    public ProbabilisticTrainer<TModel> Trainer(MLContext ml, ColumnRoles columns, TrainingMonitor monitor)
    {
        bool extends = !hasTrainer;
        hasTrainer = true;
        return Trainer(ml, columns, monitor, extends);
    }

    /// <summary>What it estimated.</summary>
    public abstract FitSize Size(TModel model);

    /// <summary>η, where there is one, and the mean or the classes' probabilities, of a row.</summary>
    public abstract (double? Eta, JsonNode? Mean) At(TModel model, double[] features, double offset);

    public abstract LikelihoodRatioTest Compare(TModel reduced, TModel full);

    public abstract JsonObject Report(TModel model, FitFacts facts, DropTest<TModel>? test);

    public abstract void Print(Terminal terminal, TModel model, JsonObject report);

    /// <param name="ml">Where it lives.</param>
    /// <param name="columns">The columns to be read.</param>
    /// <param name="monitor">Told of each iteration.</param>
    /// <param name="extends">Whether what was asked for besides the fit is done, and told to <see cref="Extras"/>.</param>
    protected abstract ProbabilisticTrainer<TModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends);
}

/// <summary>What a fit estimated.</summary>
/// <param name="Converged">Whether it reached its optimum.</param>
/// <param name="Parameters">How many parameters there are.</param>
/// <param name="Coefficients">All coefficients, in order.</param>
internal readonly record struct FitSize(bool Converged, int Parameters, IReadOnlyList<GlmCoefficient> Coefficients);

/// <summary>Fits generalized linear models.</summary>
internal sealed class GlmFit(GlmOptions options, InferenceChoice choice) : FamilyFit<GlmModel>
{
    private const string LoadName = "ProbMLGlm";

    protected override ProbabilisticTrainer<GlmModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends)
    {
        var task = options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        IFitter<GlmModel> fitter = extends
            ? new ExtendedGlmFitter(options, choice, task, Clusters, extras => Extras = extras)
            : new GlmFitter(options, task);
        return task == PredictionTask.BinaryClassification
            ? ProbabilisticTrainer.Create(ml.BinaryClassification.Trainers, fitter, task, columns, monitor, LoadName)
            : ProbabilisticTrainer.Create(ml.Regression.Trainers, fitter, task, columns, monitor, LoadName);
    }

    public override FitSize Size(GlmModel model) => new(model.Converged, model.Statistics.Rank, model.Coefficients);

    public override (double? Eta, JsonNode? Mean) At(GlmModel model, double[] features, double offset)
    {
        double eta = model.LinearPredictor(features, offset).Eta;
        return (eta, Json.Number(model.Link.Inverse(eta).Mean));
    }

    public override LikelihoodRatioTest Compare(GlmModel reduced, GlmModel full) => LikelihoodRatioTest.Compare(reduced, full);

    public override JsonObject Report(GlmModel model, FitFacts facts, DropTest<GlmModel>? test) =>
        FitReport.Build(model, facts, test, Extras);

    public override void Print(Terminal terminal, GlmModel model, JsonObject report) =>
        FitTable.Print(terminal, model, report);
}
