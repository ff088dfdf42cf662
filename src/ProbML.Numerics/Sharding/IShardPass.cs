namespace ProbML.Sharding;

/// <summary>A kind of sum over rows, by what a question says of it.</summary>
internal interface IShardPass
{
    /// <summary>The sum over rows.</summary>
    /// <exception cref="FormatException">The question is damaged.</exception>
    IShardSum Run(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads);

    /// <summary>The sum over no rows, and how another is added to it.</summary>
    /// <exception cref="FormatException">The question is damaged.</exception>
    (IShardSum Sum, Action<IShardSum> Merge) Empty(BinaryReader question, int featureCount);
}

/// <summary>The pass of a sum that makes itself from a question.</summary>
/// <param name="readQuestion">The sum over no rows, from a question and the number of features.</param>
internal sealed class ShardPass<TSum>(Func<BinaryReader, int, Func<TSum>> readQuestion) : IShardPass
    where TSum : class, IBlockSum<TSum>, IShardSum
{
    /// <inheritdoc/>
    public IShardSum Run(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads) =>
        rows.Sum(readQuestion(question, rows.FeatureCount), monitor, threads);

    /// <inheritdoc/>
    public (IShardSum Sum, Action<IShardSum> Merge) Empty(BinaryReader question, int featureCount)
    {
        var sum = readQuestion(question, featureCount)();
        sum.Clear();
        return (sum, other => sum.Merge((TSum)other));
    }
}
