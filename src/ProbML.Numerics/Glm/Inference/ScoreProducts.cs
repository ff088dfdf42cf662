using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Σ uᵢuᵢᵀ of the rows' scores, each over the power of 1 − h that the kind asks for.</summary>
/// <remarks>A row that is fitted exactly (h = 1) has no score but rounding, and counts nothing.</remarks>
internal sealed class ScoreProducts(GlmModel model, RobustKind kind) : IBlockSum<ScoreProducts>
{
    private readonly FittedRows fitted = new(model);
    private readonly double[] squares = new double[FittedRows.Capacity];

    /// <summary>[q, q], lower triangle.</summary>
    public double[] Sum { get; } = new double[model.Parts.Transform.Width * model.Parts.Transform.Width];

    public long PositiveRows { get; private set; }

    public void Clear()
    {
        PositiveRows = 0;
        Array.Clear(Sum);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += FittedRows.Capacity)
        {
            int count = Math.Min(FittedRows.Capacity, rows.Count - start);
            fitted.Fill(rows, start, count);
            for (int i = 0; i < count; i++)
            {
                PositiveRows += rows.Weight(start + i) > 0 ? 1 : 0;
                double score = fitted.Score[i], rest = 1 - fitted.Leverage[i];
                squares[i] = score == 0 || rest == 0 ? 0 : score * score / kind switch
                {
                    RobustKind.HC2 => rest,
                    RobustKind.HC3 => rest * rest,
                    _ => 1,
                };
            }
            WeightedGram.Accumulate(fitted.Z, count, fitted.Width, fitted.Stride, squares, Sum);
        }
    }

    public void Merge(ScoreProducts other)
    {
        PositiveRows += other.PositiveRows;
        TensorPrimitives.Add(Sum, other.Sum, Sum);
    }
}

/// <summary>The scores of each cluster, added up.</summary>
internal sealed class ClusterScores(GlmModel model, Func<long, long> clusterOfRow) : IBlockSum<ClusterScores>
{
    private readonly FittedRows fitted = new(model);

    /// <summary>u of each cluster, [q].</summary>
    public SortedDictionary<long, double[]> Clusters { get; } = [];

    public long PositiveRows { get; private set; }

    public void Clear()
    {
        PositiveRows = 0;
        Clusters.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += FittedRows.Capacity)
        {
            int count = Math.Min(FittedRows.Capacity, rows.Count - start);
            fitted.Fill(rows, start, count);
            for (int i = 0; i < count; i++)
            {
                if (!(rows.Weight(start + i) > 0))
                    continue;
                PositiveRows++;
                var sum = Of(clusterOfRow(rows.RowNumber(start + i)));
                TensorPrimitives.MultiplyAdd(
                    fitted.Z.AsSpan(i * fitted.Stride, fitted.Width), fitted.Score[i], sum, sum);
            }
        }
    }

    public void Merge(ClusterScores other)
    {
        PositiveRows += other.PositiveRows;
        foreach (var (label, scores) in other.Clusters)
        {
            var sum = Of(label);
            TensorPrimitives.Add(sum, scores, sum);
        }
    }

    /// <summary>Σ u uᵀ, [q, q], lower triangle.</summary>
    public double[] Products()
    {
        int q = fitted.Width;
        var products = new double[q * q];
        foreach (double[] u in Clusters.Values)
        {
            for (int i = 0; i < q; i++)
            {
                var row = products.AsSpan(i * q, i + 1);
                TensorPrimitives.MultiplyAdd(u.AsSpan(0, i + 1), u[i], row, row);
            }
        }
        return products;
    }

    private double[] Of(long label)
    {
        if (!Clusters.TryGetValue(label, out var sum))
            Clusters.Add(label, sum = new double[fitted.Width]);
        return sum;
    }
}
