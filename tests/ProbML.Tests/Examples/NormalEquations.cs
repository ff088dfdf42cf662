namespace ProbML.Examples;

/// <summary>Σ w z zᵀ, Σ w z y and Σ w y² with z = (x, 1): all that a ridge regression needs of the data.</summary>
internal sealed class NormalEquations(int featureCount) : IBlockSum<NormalEquations>
{
    private readonly int size = featureCount + 1;
    private readonly double[,] gram = new double[featureCount + 1, featureCount + 1];
    private readonly double[] moment = new double[featureCount + 1];
    private double square;
    private double weight;

    public void Clear()
    {
        Array.Clear(gram);
        Array.Clear(moment);
        (square, weight) = (0, 0);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i), y = rows.Response[i] - rows.Offset(i);
            var x = rows.Row(i);
            for (int j = 0; j < size; j++)
            {
                double wz = w * (j < x.Length ? x[j] : 1);
                moment[j] += wz * y;
                for (int k = 0; k <= j; k++)
                    gram[j, k] += wz * (k < x.Length ? x[k] : 1);
            }
            square += w * y * y;
            weight += w;
        }
    }

    public void Merge(NormalEquations other)
    {
        for (int j = 0; j < size; j++)
        {
            moment[j] += other.moment[j];
            for (int k = 0; k <= j; k++)
                gram[j, k] += other.gram[j, k];
        }
        square += other.square;
        weight += other.weight;
    }

    /// <summary>β = (Σ w z zᵀ + λ I)⁻¹ Σ w z y and σ² = Σ w (y − zᵀβ)² / Σ w, by Gauss-Jordan elimination.</summary>
    public LinearGaussian Solve(double ridge)
    {
        var a = new double[size, size];
        var b = (double[])moment.Clone();
        for (int j = 0; j < size; j++)
        {
            for (int k = 0; k < size; k++)
                a[j, k] = gram[Math.Max(j, k), Math.Min(j, k)];
            a[j, j] += ridge;
        }
        for (int p = 0; p < size; p++)
            for (int j = 0; j < size; j++)
            {
                if (j == p)
                    continue;
                double factor = a[j, p] / a[p, p];
                b[j] -= factor * b[p];
                for (int k = p; k < size; k++)
                    a[j, k] -= factor * a[p, k];
            }
        double residual = square;
        for (int j = 0; j < size; j++)
            b[j] /= a[j, j];
        for (int j = 0; j < size; j++)
            for (int k = 0; k < size; k++)
                residual += b[j] * b[k] * gram[Math.Max(j, k), Math.Min(j, k)] - (j == k ? 2 * b[j] * moment[j] : 0);
        return new(b, Math.Max(residual / weight, 1e-12));
    }
}
