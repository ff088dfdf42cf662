namespace ProbML;

/// <summary>What one chain did.</summary>
/// <param name="Draws">[draws · m], one draw after the other.</param>
/// <param name="StepSize">The step size that adaptation settled on.</param>
/// <param name="InverseMass">The diagonal of the inverse mass matrix, [m].</param>
/// <param name="Acceptance">The mean acceptance statistic of the kept draws.</param>
/// <param name="Divergences">Kept iterations whose trajectory left the energy's level set: the sampler may miss a region there.</param>
/// <param name="Saturated">Kept iterations that reached the maximum tree depth.</param>
/// <param name="Gradients">Evaluations of the gradient after adaptation.</param>
public sealed record NutsChainResult(
    double[] Draws, double StepSize, double[] InverseMass, double Acceptance, int Divergences, int Saturated, long Gradients);

/// <summary>The draws of all chains.</summary>
/// <param name="Chains">What each chain did.</param>
/// <param name="Dimension">m.</param>
/// <param name="Elapsed">The time taken, adaptation included.</param>
public sealed record NutsResult(IReadOnlyList<NutsChainResult> Chains, int Dimension, TimeSpan Elapsed)
{
    /// <summary>Divergent transitions of all chains.</summary>
    public int Divergences => Chains.Sum(chain => chain.Divergences);

    /// <summary>The draws of one coordinate, [chains][draws].</summary>
    public double[][] Coordinate(int index)
    {
        var values = new double[Chains.Count][];
        for (int c = 0; c < values.Length; c++)
        {
            double[] draws = Chains[c].Draws;
            values[c] = new double[draws.Length / Dimension];
            for (int s = 0; s < values[c].Length; s++)
                values[c][s] = draws[s * Dimension + index];
        }
        return values;
    }
}
