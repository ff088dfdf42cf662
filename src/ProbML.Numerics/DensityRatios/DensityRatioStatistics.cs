using ProbML.TwoSample;

namespace ProbML;

/// <summary>What a density ratio's rows say of it, each scored by a model that did not see it.</summary>
public sealed record DensityRatioStatistics
{
    /// <summary>The numerator's rows of positive weight.</summary>
    public required long NumeratorRows { get; init; }

    /// <summary>The denominator's rows of positive weight.</summary>
    public required long DenominatorRows { get; init; }

    /// <summary>Divergences between the two samples' distributions.</summary>
    public required FDivergences Divergences { get; init; }

    /// <summary>(Σw)²/Σw² of the denominator's weights: how many unweighted rows their averages are worth.</summary>
    /// <remarks>Kish (1965), §8.2.</remarks>
    public required double EffectiveSampleSize { get; init; }

    /// <summary>τ, beyond which ratios were cut before they became weights.</summary>
    public required double MaximumRatio { get; init; }

    /// <summary>The mean of min(r, τ) over the denominator's rows, by which weights are divided.</summary>
    public required double MeanRatio { get; init; }

    /// <summary>min(r, τ) over its mean.</summary>
    internal double Weight(double logRatio) => Math.Min(Math.Exp(logRatio), MaximumRatio) / MeanRatio;

    internal void Write(BinaryWriter writer)
    {
        writer.Write(NumeratorRows);
        writer.Write(DenominatorRows);
        Divergences.Write(writer);
        writer.Write(EffectiveSampleSize);
        writer.Write(MaximumRatio);
        writer.Write(MeanRatio);
    }

    internal static DensityRatioStatistics Read(BinaryReader reader) => new()
    {
        NumeratorRows = reader.ReadInt64(),
        DenominatorRows = reader.ReadInt64(),
        Divergences = FDivergences.Read(reader),
        EffectiveSampleSize = reader.ReadDouble(),
        MaximumRatio = reader.ReadDouble(),
        MeanRatio = reader.ReadDouble(),
    };
}
