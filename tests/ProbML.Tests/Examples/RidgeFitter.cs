namespace ProbML.Examples;

/// <summary>Ridge regression: one pass, on so many threads.</summary>
internal sealed record RidgeFitter<TModel>(
    IReadOnlyList<OutputColumn> Outputs, Func<LinearGaussian, Design, TModel> Wrap, int? Threads = null)
    : IFitter<TModel>
    where TModel : class, IScoringModel<TModel>
{
    public TModel Fit(Design design, TrainingMonitor monitor)
    {
        var equations = design.Sum(() => new NormalEquations(design.FeatureCount), monitor, Threads);
        monitor.Report(new("Normal equations", 1, 0, 0, TimeSpan.Zero));
        monitor.Information?.Invoke($"Ridge: {design.FeatureCount} features, seed {monitor.Seed}");
        return Wrap(equations.Solve(ridge: 1e-3), design);
    }
}
