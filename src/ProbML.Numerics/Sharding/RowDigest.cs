using ProbML.DensityRatios;

namespace ProbML.Sharding;

/// <summary>How many rows there are, and a sum of their hashes: 128 bits that tell one set of rows from another in any order.</summary>
internal sealed class RowDigest : IBlockSum<RowDigest>, IShardSum
{
    public const string Kind = "digest";

    private static readonly RowDealer low = new(1, 0), high = new(2, 0);

    string IShardSum.Kind => Kind;

    public long Rows { get; private set; }

    /// <summary>The number of the last row.</summary>
    public long LastRow { get; private set; }

    public ulong Low { get; private set; }

    public ulong High { get; private set; }

    public static Func<RowDigest> ReadQuestion(BinaryReader reader, int features) => () => new();

    public void Clear() => (Rows, LastRow, Low, High) = (0, 0, 0, 0);

    public void Add(in RowBlock rows)
    {
        Span<double> rest = stackalloc double[3];
        for (int i = 0; i < rows.Count; i++)
        {
            (rest[0], rest[1], rest[2]) = (rows.Response[i], rows.Weight(i), rows.Offset(i));
            ulong other = low.Hash(rest);
            Low += RowDealer.Mix(low.Hash(rows.Row(i)) + other);
            High += RowDealer.Mix(high.Hash(rows.Row(i)) ^ other);
            LastRow = Math.Max(LastRow, rows.RowNumber(i));
        }
        Rows += rows.Count;
    }

    public void Merge(RowDigest other) => (Rows, LastRow, Low, High) =
        (Rows + other.Rows, Math.Max(LastRow, other.LastRow), Low + other.Low, High + other.High);

    public void WriteQuestion(BinaryWriter writer)
    {
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(LastRow);
        writer.Write(Low);
        writer.Write(High);
    }

    public void ReadAnswer(BinaryReader reader) =>
        (Rows, LastRow, Low, High) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadUInt64());
}
