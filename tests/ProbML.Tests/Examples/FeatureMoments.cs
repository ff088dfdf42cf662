namespace ProbML.Examples;

/// <summary>Σ w, Σ w x and Σ w x² of each feature, over the rows where it is observed.</summary>
internal sealed class FeatureMoments(int featureCount) : IBlockSum<FeatureMoments>
{
    public double[] Weight { get; } = new double[featureCount];

    public double[] Sum { get; } = new double[featureCount];

    public double[] Squares { get; } = new double[featureCount];

    public double[] Means => [.. Sum.Zip(Weight, (sum, weight) => sum / weight)];

    public double[] Deviations =>
        [.. Means.Select((mean, j) => Math.Sqrt(Math.Max(Squares[j] / Weight[j] - mean * mean, 1e-6)))];

    public void Clear()
    {
        foreach (double[] sums in new[] { Weight, Sum, Squares })
            Array.Clear(sums);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i);
            var x = rows.Row(i);
            for (int j = 0; j < x.Length; j++)
            {
                if (double.IsNaN(x[j]))
                    continue;
                Weight[j] += w;
                Sum[j] += w * x[j];
                Squares[j] += w * x[j] * x[j];
            }
        }
    }

    public void Merge(FeatureMoments other)
    {
        foreach (var (mine, theirs) in
            new[] { (Weight, other.Weight), (Sum, other.Sum), (Squares, other.Squares) })
        {
            for (int j = 0; j < mine.Length; j++)
                mine[j] += theirs[j];
        }
    }
}
