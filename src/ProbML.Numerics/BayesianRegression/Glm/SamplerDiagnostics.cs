namespace ProbML;

/// <summary>What the chains of a sampler did, and whether their draws can be trusted.</summary>
/// <param name="Chains">The number of chains.</param>
/// <param name="DrawsPerChain">Draws kept of each.</param>
/// <param name="Divergences">Divergent transitions: the posterior has a region that the sampler may have missed.</param>
/// <param name="SaturatedTrees">Transitions cut off at the maximum tree depth: slow, not wrong.</param>
/// <param name="Acceptance">The mean acceptance statistic.</param>
/// <param name="MaximumRHat">The largest R̂ of a coefficient; up to 1.01 is well.</param>
/// <param name="MinimumBulkEffectiveSize">The smallest bulk effective sample size of a coefficient.</param>
/// <param name="MinimumTailEffectiveSize">The smallest tail effective sample size of a coefficient.</param>
public sealed record SamplerDiagnostics(
    int Chains,
    int DrawsPerChain,
    int Divergences,
    int SaturatedTrees,
    double Acceptance,
    double MaximumRHat,
    double MinimumBulkEffectiveSize,
    double MinimumTailEffectiveSize)
{
    /// <summary>No divergence, and every R̂ at most 1.01.</summary>
    public bool Converged => Divergences == 0 && MaximumRHat <= 1.01;

    internal void Write(BinaryWriter writer)
    {
        foreach (int number in (int[])[Chains, DrawsPerChain, Divergences, SaturatedTrees])
            writer.Write(number);
        foreach (double number in (double[])[Acceptance, MaximumRHat, MinimumBulkEffectiveSize, MinimumTailEffectiveSize])
            writer.Write(number);
    }

    internal static SamplerDiagnostics Read(BinaryReader reader) => new(
        reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(),
        reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
}
