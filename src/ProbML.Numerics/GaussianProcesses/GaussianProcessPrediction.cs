namespace ProbML.GaussianProcesses;

/// <summary>A new observation's distribution, in the response's unit.</summary>
/// <param name="Mean">E(Y); of two classes P(Y = 1).</param>
/// <param name="StandardDeviation">√(Var Y).</param>
/// <param name="Latent">E(m + f), offset included.</param>
/// <param name="LatentStandardDeviation">√(Var f).</param>
public readonly record struct GaussianProcessPrediction(
    double Mean, double StandardDeviation, double Latent, double LatentStandardDeviation);
