namespace ProbML.GaussianProcesses;

/// <summary>What all rows say of q: Σ E ln p(yᵢ | fᵢ), and the parameters that a natural-gradient step of one would give it.</summary>
internal sealed class VariationalSum(
    InducingCovariance inducing, IExpectedLogDensity likelihood, VariationalNormal q, double meanConstant) : IBlockSum<VariationalSum>
{
    /// <summary>Rows at once: what is computed of them stays in a core's second-level cache.</summary>
    private readonly int most = Math.Clamp(65_536 / inducing.Count / 64 * 64, 64, 1024);

    /// <summary>G, [m, m], its lower triangle.</summary>
    public double[] Gram { get; } = new double[inducing.Count * inducing.Count];

    /// <summary>g, [m].</summary>
    public double[] Projection { get; } = new double[inducing.Count];

    /// <summary>Σ E ln p.</summary>
    public double Expected { get; private set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(Gram);
        Array.Clear(Projection);
        Expected = 0;
    }

    /// <inheritdoc/>
    public void Add(in RowBlock rows)
    {
        int d = rows.FeatureCount, next = 0;
        while (next < rows.Count)
        {
            int count = 0;
            double[] x = new double[most * d], y = new double[most], weights = new double[most], offsets = new double[most];
            for (; next < rows.Count && count < most; next++)
            {
                if (!(rows.Weight(next) > 0))
                    continue;
                rows.Row(next).CopyTo(x.AsSpan(count * d));
                (y[count], weights[count], offsets[count]) = (rows.Response[next], rows.Weight(next), rows.Offset(next));
                count++;
            }
            if (count == 0)
                continue;
            var batch = new VariationalBatch(
                inducing, InputColumns.FromRows(x.AsSpan(0, count * d), d), y, weights, meanConstant, scale: 1, threads: 1, offsets);
            Expected += batch.AddInformation(likelihood, q, Gram, Projection);
        }
    }

    /// <inheritdoc/>
    public void Merge(VariationalSum other)
    {
        System.Numerics.Tensors.TensorPrimitives.Add(Gram, other.Gram, Gram);
        System.Numerics.Tensors.TensorPrimitives.Add(Projection, other.Projection, Projection);
        Expected += other.Expected;
    }
}
