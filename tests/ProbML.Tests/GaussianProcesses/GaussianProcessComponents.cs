using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.GaussianProcesses;

/// <summary>The catalog methods for Gaussian processes.</summary>
internal static class GaussianProcessComponents
{
    public static Component[] All { get; } =
    [
        Exact("GaussianProcess, exact", new() { Restarts = 0, MaximumIterations = 30 }) with { TakesWeight = false },
        Given("rbf(lengthscale=2)"),
        Given("matern32(ard) + white(variance=0.1)") with { TakesWeight = false },   // ω divides the noise alone
        Given("periodic(period=3) + rq(alpha=0.7)"),
        Given("linear(ard) * matern12(lengthscale=3) + constant"),
        Given("polynomial(degree=3, offset=0.5) + matern52(dims=[0, 2])"),
        Given("changepoint(rbf, linear, location=0.2, steepness=3, dim=1)"),
        Given("spectral(weights=[0.7, 0.4], frequencies=[0.2, 0.3], bandwidths=[0.4, 0.2], dims=[1])"),
        Given("arccosine(order=0) + arccosine(order=1) + arccosine(order=2, weight_variance=0.5)"),
    ];

    /// <summary>With hyperparameters as given, so that a weight of two is two rows.</summary>
    private static Component Given(string kernel) => Exact($"GaussianProcess, {kernel}", new()
    {
        Kernel = Kernel.Parse(kernel), Optimize = false, StandardizeFeatures = false, StandardizeLabel = false,
    });

    private static Component Exact(string name, GaussianProcessOptions options) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.GaussianProcess(
            options with { NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        FeatureNames = transformer => ((ProbabilisticTransformer<GaussianProcessModel>)transformer).Model.FeatureNames,
        TakesExposure = false,
        ManyRows = 600,
    };
}
