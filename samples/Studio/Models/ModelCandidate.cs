using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>What a trainer is made from.</summary>
/// <param name="Context">ML.NET's, one for each model.</param>
/// <param name="Setup">What is predicted from what.</param>
/// <param name="Monitor">Progress and cancellation.</param>
internal sealed record TrainerInput(MLContext Context, Setup Setup, TrainingMonitor Monitor)
{
    /// <summary>The column that is predicted, as the trainers of numbers and of yes and no take it.</summary>
    public string Target => Setup.Target!.Name;

    public string? Exposure => Setup.Exposure?.Name;

    public double Level => Setup.Level;
}

/// <summary>A model that may be trained, and why.</summary>
/// <param name="Key">What links and forms call it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Reason">Why it suits the data, or when it does.</param>
/// <param name="IsSuggested">Whether it is worth trying first.</param>
/// <param name="Pipeline">All steps, from the columns of the file to predictions.</param>
internal sealed record ModelCandidate(
    string Key, string Name, string Reason, bool IsSuggested, Func<TrainerInput, IEstimator<ITransformer>> Pipeline)
{
    /// <summary>Whether its code is in the package Microsoft.ML.FastTree.</summary>
    public bool HasTrees { get; init; }

    /// <summary>Whether it is trained by libtorch, and scored by the package ProbML.Onnx.</summary>
    public bool HasNetwork { get; init; }
}
