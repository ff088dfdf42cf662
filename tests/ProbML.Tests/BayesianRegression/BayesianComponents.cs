using Microsoft.ML;
using ProbML.GaussianProcesses;
using ProbML.Laws;

namespace ProbML.BayesianRegression;

/// <summary>The catalog methods for Bayesian regression.</summary>
internal static class BayesianComponents
{
    public static Component[] All { get; } =
    [
        Linear("BayesianLinearRegression, evidence", LinearInference.Evidence()) with { TakesWeight = false },
        Linear("BayesianLinearRegression, known noise", LinearInference.KnownNoise(4)),
        Linear("BayesianLinearRegression, normal-inverse-gamma", LinearInference.NormalInverseGamma()),
        new("AutomaticRelevanceDetermination", PredictionTask.Regression, (context, by) =>
            context.Regression.Trainers.AutomaticRelevanceDetermination(
                new() { Inference = LinearInference.AutomaticRelevance(), NumberOfThreads = by.Threads },
                by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
        {
            FeatureNames = transformer => ((ProbabilisticTransformer<BayesianLinearModel>)transformer).Model.FeatureNames,
            TakesExposure = false,
            TakesWeight = false,
        },
        Basis("BasisFunctions, B-splines", BasisExpansion.BSpline(intervals: 4, dimension: 4)) with { ExpectedFeatures = 4 },
        Basis("BasisFunctions, polynomial", BasisExpansion.Polynomial(degree: 2, dimension: 4)) with { ExpectedFeatures = 4 },
        Basis("BasisFunctions, radial basis", BasisExpansion.RadialBasis(5)),
        Basis("BasisFunctions, random Fourier", BasisExpansion.RandomFourier(6)),
        Basis("BasisFunctions, Nyström", BasisExpansion.Nystrom(new RbfKernel(), 6)) with { NotExported = ["Encoded"] },
        Glm("BayesianGlm, Gaussian", new(), Inference.Laplace) with { TakesExposure = false, TakesWeight = false },
        Glm("BayesianGlm, Poisson, Laplace", Poisson, Inference.Laplace),
        Glm("BayesianGlm, Poisson, the mode", Poisson, Inference.Map),
        Binary("BayesianGlm, logistic, Laplace", Links.Logit, Inference.Laplace),
        Binary("BayesianGlm, logistic, variational", Links.Logit, Inference.Variational()),
        Binary("BayesianGlm, logistic, normalizing flow", Links.Logit, Inference.NormalizingFlow(Quick)) with { Tolerance = MonteCarlo },
        Binary("BayesianGlm, probit, expectation propagation", Links.Probit, Inference.ExpectationPropagation),
        Binary("BayesianGlm, logistic, NUTS", Links.Logit, Inference.Nuts(Few)) with { Tolerance = MonteCarlo },
        .. HierarchicalComponents.All,
    ];

    /// <summary>Draws of a posterior whose rows were summed in another order are other draws: as close as a thousand can be.</summary>
    private const double MonteCarlo = 0.2;

    private static BayesianGlmOptions Poisson => new() { Family = Families.Poisson };

    private static NutsOptions Few => new() { Chains = 2, Warmup = 300, Draws = 500 };

    private static FlowVariationalOptions Quick => new() { Layers = 3, Steps = 200, Draws = 4, PosteriorDraws = 500 };

    private static Component Basis(string name, BasisExpansion basis) => new(
        name,
        PredictionTask.Transform,
        (context, by) => context.Transforms.BasisFunctions("Encoded", basis, by.Roles.Features, by.Roles.Weight, by.Monitor))
    {
        Score = "Encoded",
        TakesOffset = false,
        TakesExposure = false,
    };

    private static Component Glm(string name, BayesianGlmOptions options, Inference inference) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.BayesianGlm(
            options with { Inference = inference, NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Roles.Exposure, by.Monitor))
    {
        Response = options.Family is PoissonFamily
            ? (eta, random) => Math.Floor(Math.Exp(Math.Min(eta, 3)) + random.NextDouble())
            : (eta, random) => eta + 0.5 * (random.NextDouble() + random.NextDouble() - 1),
        FeatureNames = Names,
    };

    private static Component Binary(string name, ILinkFunction link, Inference inference) => new(
        name,
        PredictionTask.BinaryClassification,
        (context, by) => context.BinaryClassification.Trainers.BayesianGlm(
            new() { Link = link, Inference = inference, Seed = 1, NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        FeatureNames = Names,
        TakesExposure = false,
    };

    private static IReadOnlyList<string> Names(ITransformer transformer) =>
        ((ProbabilisticTransformer<BayesianGlmModel>)transformer).Model.FeatureNames;

    /// <summary>
    /// With an unknown noise a weight, which is a precision, is not a count: twice the rows say more of the noise than rows
    /// twice as exact.
    /// </summary>
    private static Component Linear(string name, LinearInference inference) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.BayesianLinearRegression(
            new() { Inference = inference, NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        FeatureNames = transformer => ((ProbabilisticTransformer<BayesianLinearModel>)transformer).Model.FeatureNames,
        TakesExposure = false,
    };
}
