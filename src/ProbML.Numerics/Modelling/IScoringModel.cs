namespace ProbML;

/// <summary>A fitted model: scores blocks of rows, and can be written and read back. Immutable and thread-safe.</summary>
/// <remarks>The implementing class carries <see cref="ModelKeyAttribute"/>, the name a saved model knows it by.</remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IScoringModel<TSelf>
    where TSelf : class, IScoringModel<TSelf>
{
    /// <summary>The number of features a row must have, d.</summary>
    int FeatureCount { get; }

    /// <summary>How many rows a call should get; more than one where a call is dear or many rows at once are cheap.</summary>
    int BlockSize => 1;

    /// <summary>The columns it gives.</summary>
    IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Scores the rows of a block. A row with a feature that is not a number gets NaN, never an exception.</summary>
    /// <param name="rows">The rows; response and offsets may be unknown (empty), weights are never given.</param>
    /// <param name="outputs">Where the columns go, and which of them are wanted.</param>
    void Score(in RowBlock rows, in OutputBlock outputs);

    /// <summary>Writes a format version, then the parameters.</summary>
    void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not such a model, or one of a later version.</exception>
    static abstract TSelf Read(BinaryReader reader);
}

/// <summary>The stable name under which models of a type are saved: part of the file format, never to be changed.</summary>
/// <param name="key">The name, unique within its assembly.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ModelKeyAttribute(string key) : Attribute
{
    /// <summary>The name.</summary>
    public string Key { get; } = key;
}
