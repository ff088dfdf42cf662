namespace ProbML.GaussianProcesses;

/// <summary>Two classes: the probability of "true", averaged over f.</summary>
/// <param name="Mean">P(Y = 1).</param>
/// <param name="Epistemic">Var P(Y = 1 | f).</param>
/// <param name="Aleatoric">E P(Y = 1 | f) P(Y = 0 | f).</param>
internal sealed record BinaryPrediction(double Mean, double Epistemic, double Aleatoric)
    : ResponsePrediction(Mean, Epistemic, Aleatoric)
{
    public override double Quantile(double probability) => 1 - Mean >= probability ? 0 : 1;

    public override double LogDensity(double y) => double.IsNaN(y) ? double.NaN
        : y == 1 ? Math.Log(Mean)
        : y == 0 ? Elementary.Log1p(-Mean)
        : double.NegativeInfinity;
}
