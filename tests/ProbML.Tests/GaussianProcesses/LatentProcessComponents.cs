using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.GaussianProcesses;

/// <summary>Gaussian processes under likelihoods that are not normal, with the hyperparameters given or found.</summary>
internal static class LatentProcessComponents
{
    private static readonly GaussianProcessOptions Given = new()
    {
        Kernel = Kernel.Parse("rbf(variance=1.5, lengthscale=1.2) + linear"), Optimize = false, StandardizeFeatures = false,
    };

    private static readonly StochasticVariationalInference Batches = new() { InducingInputs = 20, BatchSize = 64, Steps = 25 };

    public static Component[] All { get; } =
    [
        Binary("GaussianProcess, logistic, Laplace", Given),
        Binary("GaussianProcess, probit, expectation propagation", Given with
        {
            Likelihood = GaussianProcessLikelihood.Bernoulli(Links.Probit), Inference = GaussianProcessInference.ExpectationPropagation,
        }),
        Regression("GaussianProcess, Poisson", GaussianProcessLikelihood.Poisson, Counts),
        Regression("GaussianProcess, negative binomial", GaussianProcessLikelihood.NegativeBinomial(2), Counts),
        Regression("GaussianProcess, Student t", new StudentTLikelihood { Scale = 0.4 }, Outliers),
        Binary("GaussianProcess, logistic, SVGP", Given with { Optimize = true, Restarts = 0, MaximumIterations = 10, Inference = Batches }) with
        {
            TakesWeight = false,
        },
        Binary("GaussianProcess, probit, SVGP as given", Given with
        {
            Likelihood = GaussianProcessLikelihood.Bernoulli(Links.Probit),
            Inference = Batches with { InducingInputs = 10_000, Selection = InducingSelection.Random },
        }),
        Regression("GaussianProcess, Poisson, SVGP", GaussianProcessLikelihood.Poisson, Counts, Batches),
        Regression("GaussianProcess, Student t, SVGP", new StudentTLikelihood { Scale = 0.4 }, Outliers, Batches),
        Classes("GaussianProcess, softmax", (to, by) => to.GaussianProcess(
            Given with { NumberOfThreads = by.Threads }, by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Monitor)),
        Classes("OrdinalGaussianProcess", (to, by) => to.OrdinalGaussianProcess(
            Given with { NumberOfThreads = by.Threads }, by.Roles.Label, by.Roles.Features, by.Roles.Weight, monitor: by.Monitor)),
    ];

    private static double Outliers(double eta, Random random) =>
        eta + 0.5 * (random.NextDouble() + random.NextDouble() - 1) + (random.Next(12) == 0 ? 3 : 0);

    private static double Counts(double eta, Random random) => Math.Floor(Math.Exp(Math.Min(eta, 3)) + random.NextDouble());

    private static Component Binary(string name, GaussianProcessOptions options) => new(
        name,
        PredictionTask.BinaryClassification,
        (context, by) => context.BinaryClassification.Trainers.GaussianProcess(
            options with { NumberOfThreads = by.Threads, Seed = 1 },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        FeatureNames = Names,
        TakesExposure = false,
        ManyRows = 600,
    };

    private static Component Regression(
        string name, GaussianProcessLikelihood likelihood, Func<double, Random, double> response,
        GaussianProcessInference? inference = null) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.GaussianProcess(
            Given with
            {
                Likelihood = likelihood, Inference = inference, StandardizeLabel = false, NumberOfThreads = by.Threads, Seed = 1,
            },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        Response = response,
        FeatureNames = Names,
        TakesExposure = false,
        ManyRows = 600,
    };

    private static Component Classes(
        string name,
        Func<MulticlassClassificationCatalog.MulticlassClassificationTrainers, Setup, ProbabilisticTrainer<GaussianProcessClassModel>> create) => new(
        name, PredictionTask.MulticlassClassification, (context, by) => create(context.MulticlassClassification.Trainers, by))
    {
        FeatureNames = transformer => ((ProbabilisticTransformer<GaussianProcessClassModel>)transformer).Model.FeatureNames,
        TakesOffset = false,
        TakesExposure = false,
        ManyRows = 600,
    };

    private static IReadOnlyList<string> Names(ITransformer transformer) =>
        ((ProbabilisticTransformer<GaussianProcessModel>)transformer).Model.FeatureNames;
}
