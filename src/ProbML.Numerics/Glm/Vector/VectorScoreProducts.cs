using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Σ uᵢuᵢᵀ of the rows' scores.</summary>
internal sealed class VectorScoreProducts(VectorRows looked) : IBlockSum<VectorScoreProducts>
{
    private readonly VectorBlocks blocks = new(looked.Predictors, looked.Count, looked.Width);
    private readonly double[][] squares = [.. looked.Information.Select(pair => new double[pair.Length])];

    public long PositiveRows { get; private set; }

    public void Clear()
    {
        PositiveRows = 0;
        blocks.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += VectorRows.Capacity)
        {
            int n = Math.Min(VectorRows.Capacity, rows.Count - start);
            looked.Fill(rows, start, n);
            for (int i = 0; i < n; i++)
                PositiveRows += rows.Weight(start + i) > 0 ? 1 : 0;
            for (int a = 0, k = 0; a < looked.Count; a++)
            {
                for (int b = 0; b <= a; b++, k++)
                    TensorPrimitives.Multiply(looked.Score[a], looked.Score[b], squares[k]);
            }
            blocks.Add(looked.Z, n, looked.Stride, squares);
        }
    }

    public void Merge(VectorScoreProducts other)
    {
        PositiveRows += other.PositiveRows;
        blocks.Merge(other.blocks);
    }

    /// <summary>[P, P].</summary>
    public double[] Products() => blocks.Full();
}
