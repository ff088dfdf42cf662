using ProbML.Sharding;

namespace ProbML.GaussianProcesses;

/// <content>What the rows of a shard tell the inducing variables.</content>
internal sealed partial class SparseSum : IShardSum
{
    public const string Kind = "sparse-gp";

    string IShardSum.Kind => Kind;

    public static Func<SparseSum> ReadQuestion(BinaryReader reader, int features)
    {
        var (process, inducing) = SparseProcessFormat.Read(reader, features);
        return () => new(process, inducing);
    }

    public void WriteQuestion(BinaryWriter writer) => process.Write(writer);

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.WriteArray(Gram);
        writer.WriteArray(Projection);
        writer.Write(Rows);
        writer.Write(LogNoise);
        writer.Write(Squares);
        writer.Write(Unexplained);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        reader.ReadDoubles(Gram.Length, "sum of products").CopyTo(Gram, 0);
        reader.ReadDoubles(Projection.Length, "projection").CopyTo(Projection, 0);
        (Rows, LogNoise, Squares, Unexplained) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }
}
