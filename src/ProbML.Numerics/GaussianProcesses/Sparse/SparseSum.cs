using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>What the rows tell m inducing variables: S = Σ pᵢ vᵢ vᵢᵀ and c = Σ pᵢ yᵢ vᵢ, vᵢ = L⁻¹ kᵢ, pᵢ the rows' precisions.</summary>
internal sealed partial class SparseSum(SparseProcess process, InducingCovariance inducing) : IBlockSum<SparseSum>
{
    private readonly SparseRows part = new(process, inducing);
    private double[] scaled = [];

    /// <summary>S, [m, m], its lower triangle.</summary>
    public double[] Gram { get; } = new double[inducing.Count * inducing.Count];

    /// <summary>c, [m].</summary>
    public double[] Projection { get; } = new double[inducing.Count];

    /// <summary>n, rows of positive weight.</summary>
    public long Rows { get; private set; }

    /// <summary>Σ ln sᵢ = −Σ ln pᵢ.</summary>
    public double LogNoise { get; private set; }

    /// <summary>Σ pᵢ yᵢ².</summary>
    public double Squares { get; private set; }

    /// <summary>Σ pᵢ (kᵢᵢ − qᵢᵢ).</summary>
    public double Unexplained { get; private set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(Gram);
        Array.Clear(Projection);
        (Rows, LogNoise, Squares, Unexplained) = (0, 0, 0, 0);
    }

    /// <inheritdoc/>
    public void Add(in RowBlock rows)
    {
        for (int from = 0; from < rows.Count; from += part.Most)
            Add(rows, from, Math.Min(part.Most, rows.Count - from));
    }

    /// <inheritdoc/>
    public void Merge(SparseSum other)
    {
        TensorPrimitives.Add(Gram, other.Gram, Gram);
        TensorPrimitives.Add(Projection, other.Projection, Projection);
        Rows += other.Rows;
        LogNoise += other.LogNoise;
        Squares += other.Squares;
        Unexplained += other.Unexplained;
    }

    private void Add(in RowBlock rows, int from, int count)
    {
        int m = inducing.Count;
        part.Fill(rows, from, count);
        if (scaled.Length != count)
            scaled = new double[count];
        for (int i = 0; i < count; i++)
        {
            double s = part.Noise[i], y = part.Residual[i];
            if (double.IsPositiveInfinity(s))
            {
                scaled[i] = 0;                                  // weight zero
                continue;
            }
            Rows++;
            LogNoise += Math.Log(s);
            Squares += y * y / s;
            Unexplained += (part.Prior[i] - part.Explained[i]) / s;
            scaled[i] = 1 / Math.Sqrt(s);
        }
        TensorPrimitives.Multiply(part.Residual, scaled, part.Residual);
        for (int j = 0; j < m; j++)
        {
            var v = part.Whitened.AsSpan(j * count, count);
            TensorPrimitives.Multiply(v, scaled, v);
            Projection[j] += TensorPrimitives.Dot<double>(v, part.Residual);
        }
        Syrk.Accumulate(m, count, 1, part.Whitened, count, false, Gram, m);
    }
}
