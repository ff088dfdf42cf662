namespace ProbML.Sharding;

/// <summary>Rows that stay where they are: asked for a sum over them, a shard answers with a few bytes.</summary>
/// <remarks>
/// A fit asks every shard the same questions, one a pass, and adds up the answers, so it gives the model that all the rows
/// in one place would give. Questions and answers are bytes, some 8 q² for q coefficients however many rows: any engine can
/// carry them. Asking twice does no harm. <see cref="LocalShard"/> answers over a <see cref="Design"/>; implement this interface to
/// forward the bytes to where one lies.
/// </remarks>
public interface IShard
{
    /// <summary>What messages call it; a name of its own.</summary>
    string Name { get; }

    /// <summary>Answers a question.</summary>
    /// <param name="question">As a <see cref="ShardedDesign"/> wrote it.</param>
    /// <param name="cancellation">The answer is no longer wanted.</param>
    /// <returns>The answer of the <see cref="LocalShard"/> over the rows.</returns>
    /// <exception cref="FormatException">The question is damaged, or of a later version.</exception>
    /// <exception cref="InvalidOperationException">The rows do not allow an answer; the message says why.</exception>
    Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default);
}
