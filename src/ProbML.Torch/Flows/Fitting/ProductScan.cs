namespace ProbML.Flows;

/// <summary>Σ z zᵀ of columns of mean 0 and variance 1: their correlations.</summary>
internal sealed class ProductScan(int columns) : IBlockSum<ProductScan>
{
    private readonly double[] products = new double[columns * columns];

    private long rows;

    public void Clear()
    {
        Array.Clear(products);
        rows = 0;
    }

    public void Add(in RowBlock block)
    {
        for (int i = 0; i < block.Count; i++)
        {
            var z = block.Row(i);
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k <= j; k++)
                    products[j * columns + k] += z[j] * z[k];
            }
        }
        rows += block.Count;
    }

    public void Merge(ProductScan other)
    {
        for (int i = 0; i < products.Length; i++)
            products[i] += other.products[i];
        rows += other.rows;
    }

    /// <summary>
    /// The first column that those before it determine, less than a share of its variance, and those that take part; null:
    /// there is none.
    /// </summary>
    /// <remarks>Cholesky's factorisation: the squared pivot is 1 − R² of a column on those before it.</remarks>
    public (int Column, int[] Of)? Dependent(IReadOnlyList<int> among, double share)
    {
        int m = among.Count;
        var factor = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = products[Math.Max(among[i], among[j]) * columns + Math.Min(among[i], among[j])] / rows;
                for (int k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                if (j < i)
                    factor[i, j] = sum / factor[j, j];
                else if (sum <= share)
                    return (among[i], Weights(factor, i, among));
                else
                    factor[i, i] = Math.Sqrt(sum);
            }
        }
        return null;
    }

    /// <summary>The columns with a weight of note in the regression of column i on those before it.</summary>
    private static int[] Weights(double[,] factor, int i, IReadOnlyList<int> among)
    {
        var weights = new double[i];
        for (int j = i - 1; j >= 0; j--)
        {
            double sum = factor[i, j];
            for (int k = j + 1; k < i; k++)
                sum -= factor[k, j] * weights[k];
            weights[j] = sum / factor[j, j];
        }
        return [.. Enumerable.Range(0, i).Where(j => Math.Abs(weights[j]) > 1e-3).Select(j => among[j])];
    }
}
