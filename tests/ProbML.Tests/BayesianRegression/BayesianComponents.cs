using Microsoft.ML;
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
    ];

    /// <summary>
    /// With maximum evidence a weight, which is a precision, is not a count: twice the rows say more of the noise than rows
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
