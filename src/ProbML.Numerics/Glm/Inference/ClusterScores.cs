using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Rows of a fitted model, a few hundred at a time, whose scores can be added up.</summary>
internal interface IScoredRows
{
    /// <summary>The most rows at once.</summary>
    const int Capacity = 256;

    /// <summary>P.</summary>
    int ParameterCount { get; }

    /// <summary>Looks at rows [start, start + count).</summary>
    void Fill(in RowBlock rows, int start, int count);

    /// <summary>Adds the score of one of these rows, ∂ w ln p/∂b, to a sum, [P].</summary>
    void AddScore(int row, Span<double> sum);
}

/// <summary>The scores of each cluster, added up.</summary>
internal sealed class ClusterScores(IScoredRows fitted, Func<long, long> clusterOfRow) : IBlockSum<ClusterScores>
{
    /// <summary>u of each cluster, [P].</summary>
    public SortedDictionary<long, double[]> Clusters { get; } = [];

    public long PositiveRows { get; private set; }

    public void Clear()
    {
        PositiveRows = 0;
        Clusters.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += IScoredRows.Capacity)
        {
            int count = Math.Min(IScoredRows.Capacity, rows.Count - start);
            fitted.Fill(rows, start, count);
            for (int i = 0; i < count; i++)
            {
                if (!(rows.Weight(start + i) > 0))
                    continue;
                PositiveRows++;
                fitted.AddScore(i, Of(clusterOfRow(rows.RowNumber(start + i))));
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

    /// <summary>Σ u uᵀ, [P, P], lower triangle.</summary>
    public double[] Products()
    {
        int q = fitted.ParameterCount;
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
            Clusters.Add(label, sum = new double[fitted.ParameterCount]);
        return sum;
    }
}
