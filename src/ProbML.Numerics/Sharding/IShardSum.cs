namespace ProbML.Sharding;

/// <summary>A sum over rows that a shard can be asked for: question and answer are bytes.</summary>
internal interface IShardSum
{
    /// <summary>What is summed; the name that <see cref="ShardPasses"/> knows it by.</summary>
    string Kind { get; }

    /// <summary>Writes what another sum must know to be the same sum over other rows.</summary>
    void WriteQuestion(BinaryWriter writer);

    /// <summary>Writes what has been summed.</summary>
    void WriteAnswer(BinaryWriter writer);

    /// <summary>Takes, instead of nothing, what another sum to the same question wrote.</summary>
    /// <exception cref="FormatException">It does not fit the question.</exception>
    void ReadAnswer(BinaryReader reader);
}
