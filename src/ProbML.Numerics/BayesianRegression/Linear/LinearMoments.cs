using System.Numerics.Tensors;
using ProbML.LinearAlgebra;
using ProbML.Sharding;

namespace ProbML.Fitting;

/// <summary>All that linear regression needs of the rows: counts, means, and scatter about the means of (x, y).</summary>
/// <remarks>
/// One pass: each chunk of rows is centred at its own mean, and chunks are joined by Chan, Golub &amp; LeVeque (1983), Am. Stat.
/// 37, eq. 1.5: nothing cancels, however far the columns lie from zero. Sums of two data sets join the same way, which is how a
/// saved model takes in new rows.
/// </remarks>
internal sealed class LinearMoments : IBlockSum<LinearMoments>, IShardSum
{
    public const string Kind = "linear-moments";

    private const int Rows = 256;

    private readonly int d, width, stride;
    private readonly double[] z, weight, mean, gap;

    public LinearMoments(int featureCount)
    {
        d = featureCount;
        width = d + 1;
        stride = (width + 15) / 16 * 16;
        z = GC.AllocateArray<double>(Rows * stride, pinned: true);
        (weight, mean, gap) = (new double[Rows], new double[width], new double[width]);
        (Mean, Scatter) = (new double[width], new double[width * width]);
    }

    /// <summary>Rows of positive weight.</summary>
    public long Count { get; private set; }

    /// <summary>Σ ω.</summary>
    public double SumOfWeights { get; private set; }

    /// <summary>Σ ln ω.</summary>
    public double SumOfLogWeights { get; private set; }

    /// <summary>The weighted means of x and, last, of y less the offset, [d + 1].</summary>
    public double[] Mean { get; }

    /// <summary>Σ ω (v − v̄)(v − v̄)ᵀ, v = (x, y), [d + 1, d + 1], lower triangle.</summary>
    public double[] Scatter { get; }

    /// <summary>d.</summary>
    public int FeatureCount => d;

    public double this[int i, int j] => i >= j ? Scatter[i * width + j] : Scatter[j * width + i];

    public void Clear()
    {
        (Count, SumOfWeights, SumOfLogWeights) = (0, 0, 0);
        Array.Clear(Mean);
        Array.Clear(Scatter);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(LinearMoments other)
    {
        if (other.Count == 0)
            return;
        TensorPrimitives.Add(Scatter, other.Scatter, Scatter);
        Join(other.Count, other.SumOfWeights, other.SumOfLogWeights, other.Mean);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(SumOfWeights);
        writer.Write(SumOfLogWeights);
        writer.WriteArray(Mean);
        writer.WriteArray(Scatter);
    }

    public static LinearMoments Read(BinaryReader reader)
    {
        long count = reader.ReadInt64();
        double sum = reader.ReadDouble(), logs = reader.ReadDouble();
        double[] mean = reader.ReadDoubleArray("means"), scatter = reader.ReadDoubleArray("scatter");
        if (mean.Length == 0 || scatter.Length != mean.Length * mean.Length)
            throw new FormatException("The model's moments do not fit each other: it is damaged.");
        var moments = new LinearMoments(mean.Length - 1) { Count = count, SumOfWeights = sum, SumOfLogWeights = logs };
        mean.CopyTo(moments.Mean, 0);
        scatter.CopyTo(moments.Scatter, 0);
        return moments;
    }

    string IShardSum.Kind => Kind;

    public static Func<LinearMoments> ReadQuestion(BinaryReader reader, int features) => () => new(features);

    public void WriteQuestion(BinaryWriter writer)
    {
    }

    public void WriteAnswer(BinaryWriter writer) => Write(writer);

    public void ReadAnswer(BinaryReader reader)
    {
        var other = Read(reader);
        if (other.d != d)
            throw new FormatException($"The moments are of {other.d} features instead of {d}: the bytes are damaged.");
        Merge(other);
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        int kept = 0;
        double sum = 0, logs = 0;
        Array.Clear(mean);
        for (int i = start; i < start + count; i++)
        {
            double w = rows.Weight(i);
            if (w <= 0)
                continue;
            var row = z.AsSpan(kept * stride, width);
            rows.Row(i).CopyTo(row);
            row[d] = rows.Response[i] - rows.Offset(i);
            TensorPrimitives.MultiplyAdd(row, w, mean, mean);
            weight[kept++] = w;
            sum += w;
            logs += Math.Log(w);
        }
        if (kept == 0)
            return;
        TensorPrimitives.Divide(mean, sum, mean);
        Array.Clear(gap);
        for (int i = 0; i < kept; i++)                      // the mean's own rounding is found in the residuals
        {
            var row = z.AsSpan(i * stride, width);
            TensorPrimitives.Subtract(row, mean, row);
            TensorPrimitives.MultiplyAdd(row, weight[i], gap, gap);
        }
        TensorPrimitives.Divide(gap, sum, gap);
        for (int i = 0; i < kept; i++)
        {
            var row = z.AsSpan(i * stride, width);
            TensorPrimitives.Subtract(row, gap, row);
        }
        TensorPrimitives.Add<double>(mean, gap, mean);
        WeightedGram.Accumulate(z, kept, width, stride, weight.AsSpan(0, kept), Scatter);
        Join(kept, sum, logs, mean);
    }

    /// <summary>Takes in counts and means of other rows, whose scatter about their own means has been added already.</summary>
    private void Join(long count, double sum, double logs, double[] otherMean)
    {
        double total = SumOfWeights + sum, share = sum / total, between = SumOfWeights * share;
        TensorPrimitives.Subtract(otherMean, Mean, gap);
        if (between > 0)
        {
            for (int i = 0; i < width; i++)
                TensorPrimitives.MultiplyAdd(gap.AsSpan(0, i + 1), between * gap[i], Scatter.AsSpan(i * width, i + 1), Scatter.AsSpan(i * width, i + 1));
        }
        if (Count == 0)
            otherMean.CopyTo(Mean, 0);
        else
            TensorPrimitives.MultiplyAdd(gap, share, Mean, Mean);
        (Count, SumOfWeights, SumOfLogWeights) = (Count + count, total, SumOfLogWeights + logs);
    }
}
