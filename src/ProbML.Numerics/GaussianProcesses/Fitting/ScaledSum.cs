using ProbML.Sharding;

namespace ProbML.GaussianProcesses;

/// <summary>A sum over rows that lie elsewhere, and are scaled there before they are summed.</summary>
internal sealed class ScaledSum<TSum>(TSum sum, GaussianProcessScaling scaling, bool keepsOffsets) : IBlockSum<ScaledSum<TSum>>, IShardSum
    where TSum : class, IBlockSum<TSum>
{
    private readonly IShardSum asked = (IShardSum)sum;

    /// <inheritdoc/>
    public string Kind => ScaledPass.Kind;

    /// <summary>What is summed.</summary>
    public TSum Sum => sum;

    /// <inheritdoc/>
    public void Clear() => sum.Clear();

    /// <inheritdoc/>
    public void Add(in RowBlock rows) => throw new NotSupportedException("These rows are scaled where they lie.");

    /// <inheritdoc/>
    public void Merge(ScaledSum<TSum> other) => sum.Merge(other.Sum);

    /// <inheritdoc/>
    public void WriteQuestion(BinaryWriter writer)
    {
        scaling.Write(writer);
        writer.Write(keepsOffsets);
        writer.Write(asked.Kind);
        asked.WriteQuestion(writer);
    }

    /// <inheritdoc/>
    public void WriteAnswer(BinaryWriter writer) => asked.WriteAnswer(writer);

    /// <inheritdoc/>
    public void ReadAnswer(BinaryReader reader) => asked.ReadAnswer(reader);
}

/// <summary>A shard's side of it: another pass, over scaled rows.</summary>
internal sealed class ScaledPass : IShardPass
{
    public const string Kind = "scaled";

    /// <inheritdoc/>
    public IShardSum Run(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads)
    {
        var (scaling, keepsOffsets, pass) = Read(question, rows.FeatureCount);
        return pass.Run(question, new ScaledDesign(rows, scaling, keepsOffsets), monitor, threads);
    }

    /// <inheritdoc/>
    public ShardSums Sums(BinaryReader question, int featureCount) => Read(question, featureCount).Pass.Sums(question, featureCount);

    private static (GaussianProcessScaling Scaling, bool KeepsOffsets, IShardPass Pass) Read(BinaryReader question, int featureCount)
    {
        var scaling = GaussianProcessScaling.Read(question);
        if (scaling.Shift.Length != featureCount || scaling.Scale.Length != featureCount)
            throw new FormatException($"The question scales {scaling.Shift.Length} features, but there are {featureCount}: it is damaged.");
        return (scaling, question.ReadBoolean(), ShardPasses.Of(question.ReadString()));
    }
}
