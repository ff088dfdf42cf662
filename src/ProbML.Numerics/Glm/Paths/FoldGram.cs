using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>ZᵀWZ, ZᵀWr and rᵀWr of each fold, in one pass: all that linear regression needs of the rows.</summary>
/// <remarks>r = y − offset − z b₀: the responses less a first guess, so that nothing cancels.</remarks>
internal sealed class FoldGram : IBlockSum<FoldGram>
{
    private const int Rows = 1024;

    private readonly RowTransform transform;
    private readonly FoldAssignment? folds;
    private readonly double[] z, sorted, weight, residual, weighted, origin;
    private readonly int[] fold = new int[Rows], next;
    private readonly int width, stride;

    public FoldGram(RowTransform transform, FoldAssignment? folds, int count, double[] origin)
    {
        (this.transform, this.folds, this.origin) = (transform, folds, origin);
        (width, stride) = (transform.Width, transform.Stride);
        (z, sorted) = (new double[Rows * stride], GC.AllocateArray<double>(Rows * stride, pinned: true));
        (weight, residual, weighted) = (new double[Rows], new double[Rows], new double[Rows]);
        next = new int[count + 2];
        Gram = [.. Enumerable.Range(0, count + 1).Select(_ => new double[width * width])];
        Cross = [.. Enumerable.Range(0, count + 1).Select(_ => new double[width])];
        Squares = new double[count + 1];
        Weight = new double[count + 1];
    }

    /// <summary>ZᵀWZ of each fold, from 1 (0 without folds), [q, q], lower triangle.</summary>
    public double[][] Gram { get; }

    /// <summary>ZᵀWr, [q].</summary>
    public double[][] Cross { get; }

    /// <summary>rᵀWr.</summary>
    public double[] Squares { get; }

    /// <summary>Σw.</summary>
    public double[] Weight { get; }

    public void Clear()
    {
        foreach (double[] part in (double[][])[.. Gram, .. Cross, Squares, Weight])
            Array.Clear(part);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(FoldGram other)
    {
        for (int f = 0; f < Gram.Length; f++)
        {
            TensorPrimitives.Add(Gram[f], other.Gram[f], Gram[f]);
            TensorPrimitives.Add(Cross[f], other.Cross[f], Cross[f]);
        }
        TensorPrimitives.Add(Squares, other.Squares, Squares);
        TensorPrimitives.Add(Weight, other.Weight, Weight);
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        transform.Apply(rows, start, count, z, []);
        Array.Clear(next);
        for (int i = 0; i < count; i++)
        {
            fold[i] = folds?.Of(rows.RowNumber(start + i)) ?? 0;
            next[fold[i] + 1]++;
        }
        for (int f = 1; f < next.Length; f++)             // where the rows of each fold begin
            next[f] += next[f - 1];
        for (int i = 0; i < count; i++)
        {
            int place = next[fold[i]]++;
            var row = z.AsSpan(i * stride, stride);
            row.CopyTo(sorted.AsSpan(place * stride));
            weight[place] = rows.Weight(start + i);
            residual[place] = rows.Response[start + i] - rows.Offset(start + i)
                - TensorPrimitives.Dot<double>(row[..width], origin);
        }
        for (int f = 0, from = 0; f < Gram.Length; from = next[f++])
            AddFold(f, from, next[f] - from);
    }

    private void AddFold(int f, int from, int count)
    {
        if (count == 0)
            return;
        ReadOnlySpan<double> x = sorted.AsSpan(from * stride, count * stride), w = weight.AsSpan(from, count);
        ReadOnlySpan<double> r = residual.AsSpan(from, count);
        var wr = weighted.AsSpan(0, count);
        TensorPrimitives.Multiply(w, r, wr);
        WeightedGram.Accumulate(x, count, width, stride, w, Gram[f]);
        Gemv.AccumulateTransposed(x, count, width, stride, wr, Cross[f]);
        Squares[f] += TensorPrimitives.Dot<double>(wr, r);
        Weight[f] += TensorPrimitives.Sum(w);
    }
}
