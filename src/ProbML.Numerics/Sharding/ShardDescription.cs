namespace ProbML.Sharding;

/// <summary>What a shard holds.</summary>
/// <param name="FeatureNames">The features, [d].</param>
/// <param name="ResponseName">The response's column.</param>
/// <param name="ResponseLevels">What responses 0, 1, ... stand for; none where they are numbers.</param>
/// <param name="HasResponse">Whether rows have a response.</param>
/// <param name="HasWeights">Whether rows have weights.</param>
/// <param name="HasOffsets">Whether rows have offsets.</param>
/// <param name="Rows">The rows that can be used.</param>
/// <param name="SkippedRows">The rows left out, because a value was missing or not finite.</param>
/// <param name="LastRow">The number of the last row.</param>
/// <param name="Digest">A hash of what the rows hold, in any order.</param>
public sealed record ShardDescription(
    IReadOnlyList<string> FeatureNames,
    string ResponseName,
    IReadOnlyList<string> ResponseLevels,
    bool HasResponse,
    bool HasWeights,
    bool HasOffsets,
    long Rows,
    long SkippedRows,
    long LastRow,
    UInt128 Digest)
{
    internal const string Kind = "describe";

    internal static ShardDescription Of(Design rows, RowDigest digest) => new(
        rows.FeatureNames, rows.ResponseName, rows.ResponseLevels, rows.HasResponse, rows.HasWeights, rows.HasOffsets,
        digest.Rows, rows.SkippedRows, Math.Max(digest.LastRow, digest.Rows + rows.SkippedRows), new(digest.High, digest.Low));

    internal void Write(BinaryWriter writer)
    {
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        writer.WriteArray(ResponseLevels);
        writer.Write(HasResponse);
        writer.Write(HasWeights);
        writer.Write(HasOffsets);
        writer.Write(Rows);
        writer.Write(SkippedRows);
        writer.Write(LastRow);
        writer.Write((ulong)(Digest >> 64));
        writer.Write((ulong)Digest);
    }

    internal static ShardDescription Read(BinaryReader reader) => new(
        reader.ReadStringArray("feature names"), reader.ReadString(), reader.ReadStringArray("levels"),
        reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(),
        reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), new(reader.ReadUInt64(), reader.ReadUInt64()));

    /// <summary>What both hold.</summary>
    /// <exception cref="ArgumentException">The other has other columns.</exception>
    internal ShardDescription Merge(ShardDescription other) => Difference(other) is { } difference
        ? throw new ArgumentException($"The shards have different columns: {difference}.", nameof(other))
        : this with
        {
            Rows = Rows + other.Rows,
            SkippedRows = SkippedRows + other.SkippedRows,
            LastRow = LastRow + other.LastRow,
            Digest = new(unchecked((ulong)(Digest >> 64) + (ulong)(other.Digest >> 64)), unchecked((ulong)Digest + (ulong)other.Digest)),
        };

    /// <summary>What of another shard's columns differs from these; null: nothing.</summary>
    internal string? Difference(ShardDescription other)
    {
        if (!FeatureNames.SequenceEqual(other.FeatureNames, StringComparer.Ordinal))
        {
            string[] more = [.. other.FeatureNames.Except(FeatureNames)], less = [.. FeatureNames.Except(other.FeatureNames)];
            return more.Length + less.Length == 0
                ? "its features are in another order"
                : string.Join(" and ", new[] { Named("has", more), Named("lacks", less) }.OfType<string>());
        }
        return ResponseName != other.ResponseName ? $"its response is '{other.ResponseName}', not '{ResponseName}'"
            : !ResponseLevels.SequenceEqual(other.ResponseLevels, StringComparer.Ordinal)
                ? $"its levels of '{ResponseName}' are {string.Join(", ", other.ResponseLevels)}, not {string.Join(", ", ResponseLevels)}"
            : HasResponse != other.HasResponse ? $"it has {(other.HasResponse ? "a" : "no")} response"
            : HasWeights != other.HasWeights ? $"it has {(other.HasWeights ? "" : "no ")}weights"
            : HasOffsets != other.HasOffsets ? $"it has {(other.HasOffsets ? "" : "no ")}offsets"
            : null;
    }

    private static string? Named(string verb, string[] names) => names.Length == 0
        ? null
        : $"it {verb} '{string.Join("', '", names.Take(5))}'" + (names.Length > 5 ? $" and {names.Length - 5} more" : "");
}
