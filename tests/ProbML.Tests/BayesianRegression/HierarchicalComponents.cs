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
        Number("Hierarchical, Poisson, two factors, Laplace", new() { Family = Families.Poisson, Effects = [.. Intercepts, new("Category")] }) with
        {
            Response = (eta, random) => Math.Floor(Math.Exp(Math.Min(eta, 3)) + random.NextDouble()),
        },
        Binary("Hierarchical, logistic, Laplace", new() { Effects = Intercepts }),
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
