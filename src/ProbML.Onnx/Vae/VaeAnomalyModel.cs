using System.Buffers;

namespace ProbML.Vae;

/// <summary>What an autoencoder's Score of an anomaly is.</summary>
public enum VaeAnomalyScore
{
    /// <summary>−Elbo, an upper bound of −ln p(x), in nats.</summary>
    NegativeElbo,

    /// <summary>−ln p(x), estimated by importance sampling, in nats.</summary>
    NegativeLogLikelihood,
}

/// <summary>A variational autoencoder as an anomaly detector: Score is −Elbo or −ln p(x), larger the rarer a row is.</summary>
/// <remarks>
/// An and Cho (2015). A row with a value that its distribution cannot give has Score = ∞, and so has one so far out that the
/// networks' single precision overflows.
/// </remarks>
[ModelKey("VaeAnomaly")]
public sealed class VaeAnomalyModel : IScoringModel<VaeAnomalyModel>, IAnomalyModel, IDisposable
{
    private const int FormatVersion = 1;

    /// <summary>Wraps an autoencoder, which it will dispose of.</summary>
    /// <param name="autoencoder">The autoencoder; its own columns do not matter.</param>
    /// <param name="threshold">A row is an anomaly if its Score is larger.</param>
    /// <param name="score">What the Score is.</param>
    public VaeAnomalyModel(VaeModel autoencoder, double threshold, VaeAnomalyScore score = VaeAnomalyScore.NegativeElbo)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        var column = score == VaeAnomalyScore.NegativeElbo ? VaeColumns.Elbo : VaeColumns.LogLikelihood;
        Autoencoder = autoencoder.With(parts => parts with { Columns = column });
        (Threshold, ScoreKind) = (threshold, score);
    }

    /// <summary>The columns: Score.</summary>
    public static IReadOnlyList<OutputColumn> Columns { get; } = [new(ColumnNames.Score)];

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    /// <inheritdoc/>
    public int FeatureCount => Autoencoder.FeatureCount;

    /// <inheritdoc/>
    public int BlockSize => Autoencoder.BlockSize;

    /// <summary>The autoencoder, which also generates, reconstructs and imputes.</summary>
    public VaeModel Autoencoder { get; }

    /// <inheritdoc/>
    public double Threshold { get; }

    /// <summary>What the Score is.</summary>
    public VaeAnomalyScore ScoreKind { get; }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int width = Autoencoder.Outputs.Sum(column => column.Width);
        float[] values = ArrayPool<float>.Shared.Rent(Math.Max(1, rows.Count * width));
        Autoencoder.Score(rows, new(values.AsSpan(0, rows.Count * width), width, [false, true]));
        for (int i = 0; i < rows.Count; i++)
        {
            float score = -values[i * width + width - 1];
            // A row so far out that the networks' Single overflows is as rare as can be, not unknown.
            outputs.Row(i)[0] = float.IsNaN(score) && !rows.Row(i).ContainsAny(double.PositiveInfinity, double.NegativeInfinity)
                ? float.PositiveInfinity
                : score;
        }
        ArrayPool<float>.Shared.Return(values);
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(Threshold);
        writer.Write((int)ScoreKind);
        Autoencoder.Write(writer);
    }

    /// <inheritdoc/>
    public static VaeAnomalyModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "detector");
        double threshold = reader.ReadDouble();
        var score = (VaeAnomalyScore)reader.ReadInt32();
        if (double.IsNaN(threshold) || !Enum.IsDefined(score))
            throw new FormatException("The saved detector is damaged: its threshold is no number, or its score unknown.");
        return new(VaeModel.Read(reader), threshold, score);
    }

    /// <inheritdoc/>
    public void Dispose() => Autoencoder.Dispose();
}
