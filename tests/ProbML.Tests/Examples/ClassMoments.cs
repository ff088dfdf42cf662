namespace ProbML.Examples;

/// <summary>Σ w, Σ w x and Σ w x² of each class: all that Gaussian naive Bayes needs of the data.</summary>
internal sealed class ClassMoments(int classCount, int featureCount) : IBlockSum<ClassMoments>
{
    private readonly double[] weights = new double[classCount];
    private readonly double[,] sums = new double[classCount, featureCount];
    private readonly double[,] squares = new double[classCount, featureCount];

    public double Weight(int k) => weights[k];

    public double Mean(int k, int j) => sums[k, j] / weights[k];

    public double Variance(int k, int j) => Math.Max(squares[k, j] / weights[k] - Math.Pow(Mean(k, j), 2), 1e-3);

    public void Clear()
    {
        Array.Clear(weights);
        Array.Clear(sums);
        Array.Clear(squares);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            int k = (int)rows.Response[i];
            double w = rows.Weight(i);
            var x = rows.Row(i);
            weights[k] += w;
            for (int j = 0; j < x.Length; j++)
            {
                sums[k, j] += w * x[j];
                squares[k, j] += w * x[j] * x[j];
            }
        }
    }

    public void Merge(ClassMoments other)
    {
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] += other.weights[k];
            for (int j = 0; j < sums.GetLength(1); j++)
            {
                sums[k, j] += other.sums[k, j];
                squares[k, j] += other.squares[k, j];
            }
        }
    }
}
