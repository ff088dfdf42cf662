using ProbML.Fitting;

namespace ProbML;

/// <summary>The numbers of a fit that concern a multinomial, ordinal or Tobit model as a whole.</summary>
public sealed record LikelihoodStatistics
{
    /// <summary>How the fit ended.</summary>
    public required GlmStatus Status { get; init; }

    /// <summary>Iterations taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>Rows the fit saw.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of positive weight, n.</summary>
    public required long PositiveRows { get; init; }

    /// <summary>Rows left out because something in them was missing or not finite.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Σw.</summary>
    public required double SumOfWeights { get; init; }

    /// <summary>The number of free parameters, thresholds and ln σ included, k.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>ln L = Σ w ln p(y).</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>ln L of the model without features.</summary>
    public required double NullLogLikelihood { get; init; }

    /// <summary>What was minimised, −ln L and the penalty, at the end.</summary>
    public required double Objective { get; init; }

    /// <summary>−2 ln L.</summary>
    public double Deviance => -2 * LogLikelihood;

    /// <summary>−2 ln L of the model without features.</summary>
    public double NullDeviance => -2 * NullLogLikelihood;

    /// <summary>n − k.</summary>
    public long ResidualDegreesOfFreedom => PositiveRows - ParameterCount;

    /// <summary>−2 ln L + 2 k.</summary>
    public double Aic => Deviance + 2 * ParameterCount;

    /// <summary>−2 ln L + k ln n.</summary>
    public double Bic => Deviance + ParameterCount * Math.Log(PositiveRows);

    internal void Write(BinaryWriter writer)
    {
        writer.Write((int)Status);
        writer.Write(Iterations);
        writer.Write(Rows);
        writer.Write(PositiveRows);
        writer.Write(SkippedRows);
        writer.Write(ParameterCount);
        foreach (double value in (double[])[SumOfWeights, LogLikelihood, NullLogLikelihood, Objective])
            writer.Write(value);
    }

    internal static LikelihoodStatistics Read(BinaryReader reader) => new()
    {
        Status = (GlmStatus)reader.ReadInt32(),
        Iterations = reader.ReadInt32(),
        Rows = reader.ReadInt64(),
        PositiveRows = reader.ReadInt64(),
        SkippedRows = reader.ReadInt64(),
        ParameterCount = reader.ReadInt32(),
        SumOfWeights = reader.ReadDouble(),
        LogLikelihood = reader.ReadDouble(),
        NullLogLikelihood = reader.ReadDouble(),
        Objective = reader.ReadDouble(),
    };
}
