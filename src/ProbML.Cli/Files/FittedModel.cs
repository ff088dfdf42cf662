using System.Runtime.CompilerServices;
using Microsoft.ML;
using ProbML.DensityRatios;
using ProbML.Flows;
using ProbML.GaussianProcesses;
using ProbML.Vae;

namespace ProbML.Cli;

/// <summary>The step of a pipeline that scores, whatever its model is.</summary>
internal abstract class FittedModel
{
    /// <summary>The model itself.</summary>
    public abstract object Model { get; }

    public abstract ColumnRoles Roles { get; }

    public abstract PredictionTask Task { get; }

    /// <summary>The classes in order; none where there are not several.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    public abstract IReadOnlyList<OutputColumn> Outputs { get; }

    public abstract int FeatureCount { get; }

    /// <summary>The level of the intervals.</summary>
    public abstract double Level { get; }

    /// <summary>The same with intervals of another level.</summary>
    public abstract FittedModel WithLevel(double level);

    public abstract void Score(in RowBlock rows, in OutputBlock outputs);

    /// <summary>What is wrong with a number as a response, or null.</summary>
    public string? Problem(double response) => Model switch
    {
        GlmModel glm => new GlmSpec(glm.Options with { Family = glm.Family }).Problem(response),
        TobitModel tobit => new TobitSpec(tobit.Options).Problem(response),
        BayesianGlmModel bayes => new GlmSpec(new GlmOptions { Family = bayes.Family }).Problem(response),
        HierarchicalModel hierarchical => new GlmSpec(new GlmOptions { Family = hierarchical.Family }).Problem(response),
        _ => null,
    };

    /// <summary>Whether there is a response to predict.</summary>
    public bool HasLabel => Task is not (PredictionTask.AnomalyDetection or PredictionTask.Transform);

    /// <summary>Whether it is a flow, which unlike an autoencoder needs every feature, but for a density of those that are known.</summary>
    public bool IsFlow => !HasLabel && IsOne(Model);

    /// <summary>Whether a row may lack features.</summary>
    public bool TakesMissing => !HasLabel && !IsFlow;

    /// <summary>Whether a row that lacks features has a density of those it has.</summary>
    public bool HasMarginals => !HasLabel && IsDensity(Model);

    /// <summary>A step that is one of the models the tool knows; null: it is not.</summary>
    public static FittedModel? Of(ITransformer step) => step switch
    {
        ProbabilisticTransformer<GlmModel> glm =>
            new Fitted<GlmModel>(glm, glm.Model, m => m.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<MultinomialModel> multinomial =>
            new Fitted<MultinomialModel>(
                multinomial, multinomial.Model, m => m.Options.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<OrdinalModel> ordinal =>
            new Fitted<OrdinalModel>(ordinal, ordinal.Model, m => m.Options.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<TobitModel> tobit =>
            new Fitted<TobitModel>(tobit, tobit.Model, m => m.Options.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<BayesianLinearModel> linear =>
            new Fitted<BayesianLinearModel>(linear, linear.Model, m => m.Options.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<BayesianGlmModel> bayes =>
            new Fitted<BayesianGlmModel>(bayes, bayes.Model, m => m.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<GaussianProcessModel> process =>
            new Fitted<GaussianProcessModel>(process, process.Model, m => m.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<HierarchicalModel> hierarchical =>
            new Fitted<HierarchicalModel>(hierarchical, hierarchical.Model, m => m.Level, (m, level) => m.WithLevel(level)),
        ProbabilisticTransformer<DensityRatioModel> ratio => new Fitted<DensityRatioModel>(ratio, ratio.Model, _ => double.NaN, Refuse),
        _ => OfNetwork(step),
    };

    private static TModel Refuse<TModel>(TModel model, double level) =>
        throw new UsageException("--level is for models that predict intervals; this one gives none.");

    /// <summary>Whether it is a network of a density ratio.</summary>
    public bool IsRatioNetwork => HasLabel && IsNetwork(Model);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsNetwork(object model) => model is RatioNetworkModel;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOne(object model) => model is FlowModel or FlowAnomalyModel;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsDensity(object model) => model is FlowModel;

    /// <summary>A flow that gives the density of what is known of a row, too.</summary>
    private static FlowModel WithMarginals(FlowModel flow) => flow.With(parts => parts with
    {
        Columns = parts.Columns | FlowColumns.MarginalLogDensity | FlowColumns.MarginalLogDensityStandardError,
    });

    /// <summary>An autoencoder, a flow or a network of a ratio; apart, so that ONNX Runtime is loaded for these alone.</summary>
    private static FittedModel? OfNetwork(ITransformer step) => step switch
    {
        ProbabilisticTransformer<VaeModel> vae => new Fitted<VaeModel>(vae, vae.Model, _ => double.NaN, Refuse),
        ProbabilisticTransformer<VaeAnomalyModel> detector =>
            new Fitted<VaeAnomalyModel>(detector, detector.Model, _ => double.NaN, Refuse),
        ProbabilisticTransformer<FlowModel> flow =>
            new Fitted<FlowModel>(flow, WithMarginals(flow.Model), _ => double.NaN, Refuse),
        ProbabilisticTransformer<FlowAnomalyModel> flow =>
            new Fitted<FlowAnomalyModel>(flow, flow.Model, _ => double.NaN, Refuse),
        ProbabilisticTransformer<RatioNetworkModel> ratio =>
            new Fitted<RatioNetworkModel>(ratio, ratio.Model, _ => double.NaN, Refuse),
        _ => null,
    };

    private sealed class Fitted<TModel>(
        ProbabilisticTransformer<TModel> step, TModel model, Func<TModel, double> level, Func<TModel, double, TModel> withLevel)
        : FittedModel
        where TModel : class, IScoringModel<TModel>
    {
        public override object Model => model;

        public override ColumnRoles Roles => step.Roles;

        public override PredictionTask Task => step.Task;

        public override IReadOnlyList<string> ClassNames => step.ClassNames;

        public override IReadOnlyList<OutputColumn> Outputs => model.Outputs;

        public override int FeatureCount => model.FeatureCount;

        public override double Level => level(model);

        public override FittedModel WithLevel(double wanted) =>
            new Fitted<TModel>(step, withLevel(model, wanted), level, withLevel);

        public override void Score(in RowBlock rows, in OutputBlock outputs) => model.Score(rows, outputs);
    }
}
