using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>A run of rows against the inducing inputs: K_mb and L⁻¹ K_mb, and each row's noise; memory used again and again.</summary>
/// <param name="process">The process.</param>
/// <param name="inducing">Its K_mm.</param>
internal sealed class SparseRows(SparseProcess process, InducingCovariance inducing)
{
    private double[] covariance = [], white = [];

    /// <summary>Rows at once: K_mb stays in a core's second-level cache.</summary>
    public int Most { get; } = Math.Clamp(65_536 / inducing.Count / 64 * 64, 64, 1024);

    /// <summary>b, the rows now.</summary>
    public int Count { get; private set; }

    /// <summary>The inputs, [b, d].</summary>
    public InputColumns X { get; private set; } = inducing.Inputs;

    /// <summary>K_mb, [m, b].</summary>
    public double[] Covariance => covariance;

    /// <summary>L⁻¹ K_mb, [m, b].</summary>
    public double[] Whitened { get; private set; } = [];

    /// <summary>y − m, [b].</summary>
    public double[] Residual { get; private set; } = [];

    /// <summary>k(xᵢ, xᵢ), [b].</summary>
    public double[] Prior { get; private set; } = [];

    /// <summary>qᵢᵢ = |L⁻¹ kᵢ|², [b].</summary>
    public double[] Explained { get; private set; } = [];

    /// <summary>What stands on the diagonal besides Q, [b]: σ²/wᵢ + white noise, for FITC with kᵢᵢ − qᵢᵢ.</summary>
    public double[] Noise { get; private set; } = [];

    /// <summary>Computes all of it for rows from, …, from + count − 1 of a block.</summary>
    public void Fill(in RowBlock rows, int from, int count)
    {
        int m = inducing.Count, d = rows.FeatureCount;
        Count = count;
        if (Whitened.Length != m * count)
            (covariance, Whitened) = (new double[m * count], new double[m * count]);
        if (Prior.Length != count)
            (Residual, Prior, Explained, Noise, white) =
                (new double[count], new double[count], new double[count], new double[count], new double[count]);
        X = InputColumns.FromRows(rows.Features.Slice(from * d, count * d), d);
        GramMatrix.Cross(inducing.Kernel, inducing.Inputs, X, covariance, 1);
        covariance.CopyTo(Whitened, 0);
        inducing.Whiten(Whitened, count);
        Array.Clear(Explained);
        for (int j = 0; j < m; j++)
        {
            var v = Whitened.AsSpan(j * count, count);
            TensorPrimitives.MultiplyAdd(v, v, Explained, Explained);
        }
        bool fitc = process.Approximation == SparseApproximation.Fitc;
        for (int i = 0; i < count; i++)
        {
            var x = rows.Row(from + i);
            Residual[i] = rows.Response[from + i] - process.MeanConstant;
            Prior[i] = inducing.Kernel.Diagonal(x);
            white[i] = inducing.Kernel.WhiteDiagonal(x);
            Noise[i] = process.NoiseVariance / rows.Weight(from + i) + white[i]
                + (fitc ? Math.Max(0, Prior[i] - Explained[i]) : 0);
        }
    }

    /// <summary>Whether a row's kernel has noise of its own.</summary>
    public bool IsWhite(int row) => white[row] > 0;
}
