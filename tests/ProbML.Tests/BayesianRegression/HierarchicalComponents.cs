using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.BayesianRegression;

/// <summary>The catalog methods for hierarchical regression.</summary>
internal static class HierarchicalComponents
{
    public static Component[] All { get; } =
    [
        Number("Hierarchical, Gaussian, restricted likelihood", new() { Effects = Intercepts }) with
        {
            TakesExposure = false,
            TakesWeight = false,                          // a precision: not a count
        },
        Number("Hierarchical, Poisson with slopes, Laplace", new() { Family = Families.Poisson, Effects = [new("Group", "B")] }) with
        {
            Response = (eta, random) => Math.Floor(Math.Exp(Math.Min(eta, 3)) + random.NextDouble()),
            Features = "ABCD",
        },
        Binary("Hierarchical, logistic, Laplace", new() { Effects = Intercepts }),
        Binary("Hierarchical, logistic, NUTS", new()
        {
            Effects = Intercepts,
            Inference = HierarchicalInference.Nuts(BayesianComponents.Few with { TargetAcceptance = 0.9 }),
            Seed = 1,
        }) with { Tolerance = BayesianComponents.MonteCarlo },
    ];

    private static GroupEffect[] Intercepts => [new("Group")];

    private static Component Number(string name, HierarchicalOptions options) => new(
        name,
        PredictionTask.Regression,
        (context, by) => context.Regression.Trainers.Hierarchical(
            options with { NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Roles.Exposure, by.Monitor))
    {
        HasGroups = true,
        FeatureNames = Names,
    };

    private static Component Binary(string name, HierarchicalOptions options) => new(
        name,
        PredictionTask.BinaryClassification,
        (context, by) => context.BinaryClassification.Trainers.Hierarchical(
            options with { NumberOfThreads = by.Threads },
            by.Roles.Label, by.Roles.Features, by.Roles.Weight, by.Roles.Offset, by.Monitor))
    {
        HasGroups = true,
        TakesExposure = false,
        FeatureNames = Names,
    };

    private static IReadOnlyList<string> Names(ITransformer transformer) =>
        ((ProbabilisticTransformer<HierarchicalModel>)transformer).Model.FeatureNames;
}
