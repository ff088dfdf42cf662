namespace ProbML.Sharding;

/// <summary>A kind of sum over rows, by what a question says of it.</summary>
internal interface IShardPass
{
    /// <summary>The sum over rows.</summary>
    /// <exception cref="FormatException">The question is damaged.</exception>
    IShardSum Run(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads);

    /// <summary>Sums over no rows, to which others are added.</summary>
    /// <exception cref="FormatException">The question is damaged.</exception>
    ShardSums Sums(BinaryReader question, int featureCount);
}

/// <summary>How sums to one question are made and added up.</summary>
/// <param name="Create">The sum over no rows.</param>
/// <param name="Merge">Adds the second to the first.</param>
internal sealed record ShardSums(Func<IShardSum> Create, Action<IShardSum, IShardSum> Merge);

/// <summary>The pass of a sum that makes itself from a question.</summary>
/// <param name="readQuestion">The sum over no rows, from a question and the number of features.</param>
internal sealed class ShardPass<TSum>(Func<BinaryReader, int, Func<TSum>> readQuestion) : IShardPass
    where TSum : class, IBlockSum<TSum>, IShardSum
{
    /// <inheritdoc/>
    public IShardSum Run(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads) =>
        rows.Sum(readQuestion(question, rows.FeatureCount), monitor, threads);

    /// <inheritdoc/>
    public ShardSums Sums(BinaryReader question, int featureCount)
    {
        var create = readQuestion(question, featureCount);
        return new(
            () =>
            {
                var sum = create();
                sum.Clear();
                return sum;
            },
            (sum, other) => ((TSum)sum).Merge((TSum)other));
    }
}
