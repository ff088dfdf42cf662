using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.GaussianProcesses;

/// <summary>The catalog methods for Gaussian processes.</summary>
internal static class GaussianProcessComponents
{
    private static GaussianProcessOptions AsGiven { get; } = new()
    {
        Optimize = false, StandardizeFeatures = false, StandardizeLabel = false,
    };

    public static Component[] All { get; } =
    [
        Exact("GaussianProcess, exact", new() { Restarts = 0, MaximumIterations = 30 }) with { TakesWeight = false },
        Exact("GaussianProcess, SGPR", Quick(new SparseVariationalInference { InducingInputs = 25 })) with { TakesWeight = false },
        Exact("GaussianProcess, SGPR with learnt inducing inputs", Quick(new SparseVariationalInference
        {
            InducingInputs = 8, Selection = InducingSelection.KMeans, LearnInducingInputs = true,
        })) with { TakesWeight = false },
        Exact("GaussianProcess, FITC", Quick(new SparseVariationalInference
        {
            InducingInputs = 25, Approximation = SparseApproximation.Fitc,
        })) with { TakesWeight = false },
        Exact("GaussianProcess, SVGP", Quick(new StochasticVariationalInference
        {
            InducingInputs = 20, BatchSize = 64, Steps = 25,
        })) with { TakesWeight = false },
        Exact("GaussianProcess, conjugate gradients", Quick(new ConjugateGradientInference { Steps = 2 })) with { TakesWeight = false },
        Exact("GaussianProcess, SGPR as given", AsGiven with { Inference = new SparseVariationalInference { InducingInputs = 30 } }),
        Exact("GaussianProcess, heteroscedastic", new()
        {
            Likelihood = GaussianProcessLikelihood.Heteroscedastic(new RbfKernel { Lengthscale = [2] }), Optimize = false,
        }) with { TakesWeight = false },
        Given("rbf(lengthscale=2)"),
        Exact("GaussianProcess, acquisitions", AsGiven with
        {
            Kernel = Kernel.Parse("matern52(lengthscale=1.5)"),
            Acquisition = new()
            {
                Columns =
                [
                    Acquisition.ExpectedImprovement(), Acquisition.LogExpectedImprovement(0.1), Acquisition.ProbabilityOfImprovement(),
                    Acquisition.ConfidenceBound(1.5), Acquisition.MaximumVariance,
                ],
                Maximise = true,
            },
        }),
        Given("matern32(ard) + white(variance=0.1)") with { TakesWeight = false },   // ω divides the noise alone
        Given("periodic(period=3) + rq(alpha=0.7)"),
        Given("linear(ard) * matern12(lengthscale=3) + constant"),
        Given("polynomial(degree=3, offset=0.5) + matern52(dims=[0, 2])"),
        Given("changepoint(rbf, linear, location=0.2, steepness=3, dim=1)"),
        Given("spectral(weights=[0.7, 0.4], frequencies=[0.2, 0.3], bandwidths=[0.4, 0.2], dims=[1])"),
        Outputs(Given("rbf(dims=[0, 1, 2]) * coregion(outputs=3, rank=2, dim=3, loadings=[1, 0.2, -0.5, 0.7, 0.3, 1.1]) + coregion(outputs=3, rank=0, dim=3)")),
        Outputs(Given("rbf(dims=[0, 1]) * coregion(outputs=3, dim=3) + white * coregion(outputs=3, rank=0, dim=3)")) with { TakesWeight = false },
        Outputs(Exact("GaussianProcess, SGPR of several outputs", Quick(new SparseVariationalInference { InducingInputs = 25 }) with
        {
            Kernel = Kernel.Parse("rbf(dims=[0, 1, 2]) * coregion(outputs=3, dim=3)"),
        })) with { TakesWeight = false },
        Given("arccosine(order=0) + arccosine(order=1) + arccosine(order=2, weight_variance=0.5)"),
    ];

    /// <summary>With hyperparameters as given, so that a weight of two is two rows.</summary>
    private static Component Given(string kernel) =>
        Exact($"GaussianProcess, {kernel}", AsGiven with { Kernel = Kernel.Parse(kernel) });

    /// <summary>With a last feature that names one of three outputs.</summary>
    private static Component Outputs(Component component) => component with
    {
        Features = x => [x[0], x[1], x[2], 1 + MathF.Sign(x[3])],
        TakesAmounts = false,
    };

    private static GaussianProcessOptions Quick(GaussianProcessInference inference) =>
        new() { Inference = inference, Restarts = 0, MaximumIterations = 15, RestartRows = 150 };

    private static Component Exact(string name, GaussianProcessOptions options) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.GaussianProcess(
            options with { NumberOfThreads = by.Threads, Seed = 1 },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        FeatureNames = transformer => ((ProbabilisticTransformer<GaussianProcessModel>)transformer).Model.FeatureNames,
        TakesExposure = false,
        ManyRows = 600,
    };
}
