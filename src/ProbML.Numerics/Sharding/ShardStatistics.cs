namespace ProbML.Sharding;

/// <summary>What a shard answers, as an object: statistics of its rows, small whatever their number, that add up.</summary>
/// <remarks>
/// Of generalized linear models X′WX, X′Wz, the deviance and counts; of others gradient and information, moments, or what inducing
/// variables are told. <see cref="Merge"/> is associative and commutative up to rounding, so an engine may add answers in any order and
/// tree (a combiner, <c>treeReduce</c>) and hand one answer to the coordinator as that of one <see cref="IShard"/>.
/// </remarks>
public sealed class ShardStatistics
{
    private readonly byte[] question;
    private readonly int featureCount;
    private readonly ShardSums? sums;
    private readonly ShardDescription? description;

    private ShardStatistics(byte[] question, int featureCount, string kind, long rows, ShardSums? sums, ShardDescription? description, IShardSum? sum) =>
        (this.question, this.featureCount, Kind, Rows, this.sums, this.description, Sum) =
            (question, featureCount, kind, rows, sums, description, sum);

    /// <summary>What is summed, such as "glm-likelihood" or "linear-moments".</summary>
    public string Kind { get; }

    /// <summary>The rows it is of.</summary>
    public long Rows { get; }

    /// <summary>What has been summed; null: it describes the shard.</summary>
    internal IShardSum? Sum { get; }

    /// <summary>Reads an answer.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">What <see cref="IShard.AskAsync"/> gave.</param>
    /// <param name="featureCount">The shards' features, d.</param>
    /// <exception cref="FormatException">The answer is to another question, or bytes are damaged.</exception>
    public static ShardStatistics Read(byte[] question, byte[] answer, int featureCount)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentOutOfRangeException.ThrowIfNegative(featureCount);
        var (kind, sums) = ShardFormat.Read(question, "question", reader =>
        {
            string kind = ShardFormat.ReadQuestion(reader).Kind;
            return (kind, kind == ShardDescription.Kind ? null : ShardPasses.Of(kind).Sums(reader, featureCount));
        });
        return ShardFormat.Read(answer, "answer", reader =>
        {
            long rows = ShardFormat.ReadAnswer(reader, question);
            if (sums is null)
                return new ShardStatistics(question, featureCount, kind, rows, null, ShardDescription.Read(reader), null);
            var sum = sums.Create();
            sum.ReadAnswer(reader);
            return new(question, featureCount, kind, rows, sums, null, sum);
        });
    }

    /// <summary>The statistics of both's rows; neither changes.</summary>
    /// <exception cref="ArgumentException">The other answers another question, or is of other columns.</exception>
    public ShardStatistics Merge(ShardStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (featureCount != other.featureCount || !question.AsSpan().SequenceEqual(other.question))
            throw new ArgumentException($"Statistics of '{Kind}' and '{other.Kind}' answer different questions: they do not add up.", nameof(other));
        long rows = Rows + other.Rows;
        if (sums is null)
            return new(question, featureCount, Kind, rows, null, description!.Merge(other.description!), null);
        var total = sums.Create();
        sums.Merge(total, Sum!);
        sums.Merge(total, other.Sum!);
        return new(question, featureCount, Kind, rows, sums, null, total);
    }

    /// <summary>The answer that a shard of all these rows gives: versioned, and guarded by hashes.</summary>
    public byte[] ToAnswer() => ShardFormat.Answer(question, Rows, writer =>
    {
        description?.Write(writer);
        Sum?.WriteAnswer(writer);
    });
}
