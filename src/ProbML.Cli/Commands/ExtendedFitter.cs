namespace ProbML.Cli;

/// <summary>Fits a GLM as asked, and does with its rows what needs them: intervals by profile, sandwich covariances.</summary>
internal sealed class ExtendedFitter(
    GlmOptions options, InferenceChoice? choice, PredictionTask task, Func<IReadOnlyList<int>>? clusters) : IFitter<GlmModel>
{
    /// <summary>n p³, up to which profile intervals take a second or so.</summary>
    private const double CheapProfile = 3e7;
    private readonly GlmFitter fitter = new(options, task);
    private readonly GlmPathFitter? path = choice?.Path is { } way ? new(way, options, task) : null;

    public IReadOnlyList<OutputColumn> Outputs => fitter.Outputs;

    /// <summary>What was found besides the model by the last fit.</summary>
    public GlmExtras? Extras { get; private set; }

    public GlmModel Fit(Design design, TrainingMonitor monitor)
    {
        if (choice is null)
            return fitter.Fit(design, monitor);
        var model = path is not null ? path.Fit(design, monitor)
            : choice.Firth ? GlmFirth.Fit(design, options, monitor)
            : fitter.Fit(design, monitor);
        Extras = new(
            Profile(choice, design, model, monitor),
            choice.Robust is { } kind ? GlmRobust.Covariance(design, model, kind, monitor)
                : clusters is not null ? GlmRobust.ClusterCovariance(design, model, clusters(), monitor: monitor)
                : null,
            path is null ? null : GlmPath.Of(model),
            choice.Firth);
        return model;
    }

    private GlmProfileIntervals? Profile(
        InferenceChoice choice, Design design, GlmModel model, TrainingMonitor monitor)
    {
        double cost = model.Statistics.PositiveRows * Math.Pow(model.Statistics.Rank, 3);
        bool isWanted = model.Converged && path is null && !model.Options.IsPenalised && cost <= CheapProfile;
        if (!choice.Profile && !isWanted)
            return null;
        try
        {
            return choice.Firth
                ? GlmFirth.Intervals(design, model, Level, monitor)
                : GlmProfile.Intervals(design, model, Level, monitor);
        }
        catch (Exception e) when (!choice.Profile && (e is InvalidOperationException or ArgumentException))
        {
            return null;                                  // nobody asked for them: the fit is good without
        }
    }

    private const double Level = 0.95;
}

/// <summary>What is known of a fitted GLM besides itself.</summary>
/// <param name="Profile">Profile intervals of 95 %, or null.</param>
/// <param name="Robust">The sandwich covariance, or null.</param>
/// <param name="Path">The path of penalties, or null.</param>
/// <param name="IsFirth">Whether the fit is Firth's.</param>
internal sealed record GlmExtras(GlmProfileIntervals? Profile, RobustCovariance? Robust, GlmPath? Path, bool IsFirth);
