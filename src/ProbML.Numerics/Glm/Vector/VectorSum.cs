using System.Numerics.Tensors;
using ProbML.LinearAlgebra;
using ProbML.Sharding;

namespace ProbML.Fitting;

/// <summary>One pass at given parameters: log-likelihood, gradient and observed information.</summary>
internal sealed class VectorSum : IBlockSum<VectorSum>, IShardSum
{
    public const string Kind = "vector-likelihood";

    private readonly VectorRows looked;
    private readonly VectorBlocks blocks;

    /// <summary>An empty sum.</summary>
    public VectorSum(VectorRows looked)
    {
        this.looked = looked;
        blocks = new VectorBlocks(looked.Predictors, looked.Count, looked.Width);
        Gradient = new double[looked.ParameterCount];
    }

    /// <summary>Σ w ln p(y).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>∂l/∂b, [P].</summary>
    public double[] Gradient { get; }

    public void Clear()
    {
        LogLikelihood = 0;
        Array.Clear(Gradient);
        blocks.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && double.IsFinite(LogLikelihood); start += VectorRows.Capacity)
            AddSome(rows, start, Math.Min(VectorRows.Capacity, rows.Count - start));
    }

    public void Merge(VectorSum other)
    {
        LogLikelihood += other.LogLikelihood;
        TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        blocks.Merge(other.blocks);
    }

    /// <summary>−∂²l/∂b∂b', [P, P], both triangles.</summary>
    public double[] Information() => blocks.Full();

    string IShardSum.Kind => Kind;

    public static Func<VectorSum> ReadQuestion(BinaryReader reader, int features)
    {
        var create = VectorRows.ReadQuestion(reader, features);
        return () => new(create());
    }

    public void WriteQuestion(BinaryWriter writer) => looked.WriteQuestion(writer);

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.Write(LogLikelihood);
        writer.WriteArray(Gradient);
        blocks.Write(writer);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        LogLikelihood = reader.ReadDouble();
        reader.ReadDoubles(Gradient.Length, "gradient").CopyTo(Gradient, 0);
        blocks.Read(reader);
    }

    private void AddSome(in RowBlock rows, int start, int n)
    {
        looked.Fill(rows, start, n);
        LogLikelihood += looked.LogLikelihood;
        if (!double.IsFinite(LogLikelihood))
            return;
        for (int a = 0; a < looked.Count; a++)
        {
            var gradient = Gradient.AsSpan(blocks.Place(a));
            if (a < looked.Predictors)
                Gemv.AccumulateTransposed(looked.Z, n, looked.Width, looked.Stride, looked.Score[a], gradient[..looked.Width]);
            else
                gradient[0] += TensorPrimitives.Sum<double>(looked.Score[a].AsSpan(0, n));
        }
        blocks.Add(looked.Z, n, looked.Stride, looked.Information);
    }
}
