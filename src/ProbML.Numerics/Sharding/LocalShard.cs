namespace ProbML.Sharding;

/// <summary>A shard whose rows are here: answers by a pass over them.</summary>
/// <remarks>
/// Its rows may be a <see cref="ShardedDesign"/>: then it asks those shards, and answers with their sum, so that coordinators form a
/// tree.
/// </remarks>
/// <param name="name">What messages call it.</param>
/// <param name="rows">The rows; several answers may read them at once.</param>
/// <param name="threads">How many threads a pass uses; null: one a core.</param>
/// <exception cref="ArgumentException">The rows have groups, whose effects are no sum over shards.</exception>
public sealed class LocalShard(string name, Design rows, int? threads = null) : IShard
{
    private readonly Design rows = rows is { Groups.Count: > 0 }
        ? throw new ArgumentException(
            $"The rows of '{name}' have the groups {string.Join(", ", rows.Groups.Select(group => group.Name))}: models with "
            + "effects of groups need all rows in one place.", nameof(rows))
        : rows;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return Task.Run(() => Answer(question, cancellation), cancellation);
    }

    private byte[] Answer(byte[] question, CancellationToken cancellation) => ShardFormat.Read(question, "question", reader =>
    {
        var (kind, firstRow) = ShardFormat.ReadQuestion(reader);
        var monitor = TrainingMonitor.None with { Cancellation = cancellation };
        var counted = rows is ShardedDesign ? null : new CountedRows(rows, firstRow);
        Design source = counted is null ? ((ShardedDesign)rows).From(firstRow) : counted;
        bool describes = kind == ShardDescription.Kind;
        var sum = ShardPasses.Of(describes ? RowDigest.Kind : kind).Run(reader, source, monitor, threads);
        return ShardFormat.Answer(
            question,
            counted?.Read ?? ((ShardedDesign)rows).Rows,
            writer =>
            {
                if (describes)
                    ShardDescription.Of(rows, (RowDigest)sum).Write(writer);
                else
                    sum.WriteAnswer(writer);
            });
    });
}
