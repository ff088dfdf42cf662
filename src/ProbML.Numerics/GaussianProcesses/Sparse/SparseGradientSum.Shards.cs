using ProbML.Sharding;

namespace ProbML.GaussianProcesses;

/// <content>The part of a shard's rows.</content>
internal sealed partial class SparseGradientSum : IShardSum
{
    public const string Kind = "sparse-gp-gradient";

    string IShardSum.Kind => Kind;

    public static Func<SparseGradientSum> ReadQuestion(BinaryReader reader, int features)
    {
        var (process, inducing) = SparseProcessFormat.Read(reader, features);
        int m = inducing.Count;
        double[] alpha = reader.ReadDoubles(m, "weights"), reduction = reader.ReadDoubles(m * m, "reduction");
        return () => new(process, inducing, alpha, reduction);
    }

    public void WriteQuestion(BinaryWriter writer)
    {
        process.Write(writer);
        writer.WriteArray(alpha);
        writer.WriteArray(reduction);
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.WriteArray(Kernel);
        writer.Write(LogNoiseVariance);
        writer.Write(MeanConstant);
        writer.WriteArray(Inducing);
        writer.WriteArray(fitc ? Diagonal : []);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        reader.ReadDoubles(Kernel.Length, "kernel gradient").CopyTo(Kernel, 0);
        (LogNoiseVariance, MeanConstant) = (reader.ReadDouble(), reader.ReadDouble());
        reader.ReadDoubles(Inducing.Length, "gradient of inducing inputs").CopyTo(Inducing, 0);
        reader.ReadDoubles(fitc ? Diagonal.Length : 0, "diagonal").CopyTo(Diagonal, 0);
    }
}
