namespace ProbML.Cli;

/// <summary>Fits a model as asked, and does with its rows what needs them: intervals by profile, sandwich covariances.</summary>
internal abstract class ExtendedFitter<TModel>(
    InferenceChoice choice, Func<IReadOnlyList<int>>? clusters, Action<FitExtras> found) : IFitter<TModel>
    where TModel : class, IScoringModel<TModel>
{
    /// <summary>n p³, up to which profile intervals take a second or so.</summary>
    private const double CheapProfile = 3e7;

    public abstract IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>What is asked for besides a fit.</summary>
    protected InferenceChoice Choice => choice;

    public TModel Fit(Design design, TrainingMonitor monitor)
    {
        var model = Estimate(design, monitor);
        found(new(Profile(design, model, monitor), PathOf(model), choice.Firth));
        var robust = choice.Robust is { } kind ? Sandwich(design, model, kind, monitor)
            : clusters is not null ? Sandwich(design, model, clusters(), monitor)
            : null;
        return robust is null ? model : With(model, robust);
    }

    protected abstract TModel Estimate(Design design, TrainingMonitor monitor);

    /// <summary>What decides whether profile intervals are cheap, and whether there is a maximum to profile about.</summary>
    protected abstract (long Rows, int Parameters, bool IsMaximum) Size(TModel model);

    protected abstract GlmProfileIntervals Intervals(Design design, TModel model, double level, TrainingMonitor monitor);

    protected abstract RobustCovariance Sandwich(Design design, TModel model, RobustKind kind, TrainingMonitor monitor);

    protected abstract RobustCovariance Sandwich(Design design, TModel model, IReadOnlyList<int> groups, TrainingMonitor monitor);

    protected abstract TModel With(TModel model, RobustCovariance robust);

    protected virtual GlmPath? PathOf(TModel model) => null;

    private GlmProfileIntervals? Profile(Design design, TModel model, TrainingMonitor monitor)
    {
        var (rows, parameters, isMaximum) = Size(model);
        if (!choice.Profile && !(design.HasRows && isMaximum && choice.Path is null && rows * Math.Pow(parameters, 3) <= CheapProfile))
            return null;
        try
        {
            return Intervals(design, model, 0.95, monitor);
        }
        catch (Exception e) when (!choice.Profile && (e is InvalidOperationException or ArgumentException))
        {
            return null;                                  // nobody asked for them: the fit is good without
        }
    }
}

/// <summary>Fits generalized linear models as asked.</summary>
internal sealed class ExtendedGlmFitter(
    GlmOptions options,
    InferenceChoice choice,
    PredictionTask task,
    Func<IReadOnlyList<int>>? clusters,
    Action<FitExtras> found)
    : ExtendedFitter<GlmModel>(choice, clusters, found)
{
    private readonly GlmFitter fitter = new(options, task);
    private readonly GlmPathFitter? path = choice.Path is { } way ? new(way, options, task) : null;

    public override IReadOnlyList<OutputColumn> Outputs => fitter.Outputs;

    protected override GlmModel Estimate(Design design, TrainingMonitor monitor) =>
        path is not null ? path.Fit(design, monitor)
        : Choice.Firth ? GlmFirth.Fit(design, options, monitor)
        : fitter.Fit(design, monitor);

    protected override (long Rows, int Parameters, bool IsMaximum) Size(GlmModel model) =>
        (model.Statistics.PositiveRows, model.Statistics.Rank, model.Converged && !model.Options.IsPenalised);

    protected override GlmProfileIntervals Intervals(Design design, GlmModel model, double level, TrainingMonitor monitor) =>
        Choice.Firth ? GlmFirth.Intervals(design, model, level, monitor) : GlmProfile.Intervals(design, model, level, monitor);

    protected override RobustCovariance Sandwich(Design design, GlmModel model, RobustKind kind, TrainingMonitor monitor) =>
        GlmRobust.Covariance(design, model, kind, monitor);

    protected override RobustCovariance Sandwich(
        Design design, GlmModel model, IReadOnlyList<int> groups, TrainingMonitor monitor) =>
        GlmRobust.ClusterCovariance(design, model, groups, monitor: monitor);

    protected override GlmModel With(GlmModel model, RobustCovariance robust) => model.WithCovariance(robust);

    protected override GlmPath? PathOf(GlmModel model) => path is null ? null : GlmPath.Of(model);
}

/// <summary>Fits multinomial, ordinal or Tobit models as asked.</summary>
/// <param name="fitter">Fits the model itself.</param>
/// <param name="choice">What is asked for besides.</param>
/// <param name="clusters">The labels of the rows' clusters, or null.</param>
/// <param name="found">Told what each fit finds besides its model.</param>
/// <param name="with">The model with a sandwich covariance.</param>
internal sealed class ExtendedVectorFitter<TModel>(
    IFitter<TModel> fitter,
    InferenceChoice choice,
    Func<IReadOnlyList<int>>? clusters,
    Action<FitExtras> found,
    Func<TModel, RobustCovariance, TModel> with)
    : ExtendedFitter<TModel>(choice, clusters, found)
    where TModel : VectorGlmModel, IScoringModel<TModel>
{
    public override IReadOnlyList<OutputColumn> Outputs => fitter.Outputs;

    protected override TModel Estimate(Design design, TrainingMonitor monitor) => fitter.Fit(design, monitor);

    protected override (long Rows, int Parameters, bool IsMaximum) Size(TModel model) =>
        (model.Statistics.PositiveRows, model.Statistics.ParameterCount, model.Converged && !model.IsPenalised);

    protected override GlmProfileIntervals Intervals(Design design, TModel model, double level, TrainingMonitor monitor) =>
        GlmProfile.Intervals(design, model, level, monitor);

    protected override RobustCovariance Sandwich(Design design, TModel model, RobustKind kind, TrainingMonitor monitor) =>
        GlmRobust.Covariance(design, model, kind, monitor);

    protected override RobustCovariance Sandwich(
        Design design, TModel model, IReadOnlyList<int> groups, TrainingMonitor monitor) =>
        GlmRobust.ClusterCovariance(design, model, groups, monitor: monitor);

    protected override TModel With(TModel model, RobustCovariance robust) => with(model, robust);
}

/// <summary>What is known of a fitted model besides itself.</summary>
/// <param name="Profile">Profile intervals of 95 %, or null.</param>
/// <param name="Path">The path of penalties, or null.</param>
/// <param name="IsFirth">Whether the fit is Firth's.</param>
internal sealed record FitExtras(GlmProfileIntervals? Profile, GlmPath? Path, bool IsFirth);
