using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>The rows' part in the derivatives of a sparse log likelihood.</summary>
/// <remarks>
/// With rᵢ = yᵢ − kᵢᵀα, C as in <see cref="SparsePosterior.Reduction"/> and pᵢ a row's precision: ∂F/∂kᵢ = pᵢ (C kᵢ + α rᵢ), where
/// FITC, without the trace, has C − K_mm⁻¹ in C's place and its own diagonal besides.
/// </remarks>
internal sealed partial class SparseGradientSum(
    SparseProcess process, InducingCovariance inducing, double[] alpha, double[] reduction) : IBlockSum<SparseGradientSum>
{
    private readonly SparseRows part = new(process, inducing);
    private readonly bool fitc = process.Approximation == SparseApproximation.Fitc;
    private readonly double[] white = new double[inducing.Kernel.ParameterCount];
    private double[] weights = [], precision = [], residual = [], explained = [], byNoise = [];

    /// <summary>By the kernel's free parameters.</summary>
    public double[] Kernel { get; } = new double[inducing.Kernel.ParameterCount];

    /// <summary>By ln σ².</summary>
    public double LogNoiseVariance { get; private set; }

    /// <summary>By m.</summary>
    public double MeanConstant { get; private set; }

    /// <summary>By Z, [m, d].</summary>
    public double[] Inducing { get; } = new double[inducing.Count * inducing.Inputs.Features];

    /// <summary>Σ gᵢ K_mm⁻¹ kᵢ kᵢᵀ K_mm⁻¹, gᵢ by the row's noise, [m, m]: what FITC's diagonal makes of K_mm.</summary>
    public double[] Diagonal { get; } = new double[inducing.Count * inducing.Count];

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(Kernel);
        Array.Clear(Inducing);
        Array.Clear(Diagonal);
        (LogNoiseVariance, MeanConstant) = (0, 0);
    }

    /// <inheritdoc/>
    public void Add(in RowBlock rows)
    {
        for (int from = 0; from < rows.Count; from += part.Most)
            Add(rows, from, Math.Min(part.Most, rows.Count - from));
    }

    /// <inheritdoc/>
    public void Merge(SparseGradientSum other)
    {
        TensorPrimitives.Add(Kernel, other.Kernel, Kernel);
        TensorPrimitives.Add(Inducing, other.Inducing, Inducing);
        if (fitc)
            TensorPrimitives.Add(Diagonal, other.Diagonal, Diagonal);
        LogNoiseVariance += other.LogNoiseVariance;
        MeanConstant += other.MeanConstant;
    }

    private void Add(in RowBlock rows, int from, int count)
    {
        int m = inducing.Count;
        part.Fill(rows, from, count);
        if (precision.Length != count)
            (weights, precision, residual, explained, byNoise) =
                (new double[m * count], new double[count], new double[count], new double[count], new double[count]);
        Array.Clear(weights);
        Gemm.Accumulate(m, count, m, 1, reduction, m, false, part.Covariance, count, false, weights, count);
        Array.Clear(explained);
        Array.Clear(residual);
        Gemv.AccumulateTransposed(part.Covariance, m, count, count, alpha, residual);
        TensorPrimitives.Subtract(part.Residual, residual, residual);
        for (int j = 0; j < m; j++)
            TensorPrimitives.MultiplyAdd(part.Covariance.AsSpan(j * count, count), weights.AsSpan(j * count, count), explained, explained);
        for (int i = 0; i < count; i++)
            AddRow(rows, from, i);
        if (fitc)
            AddDiagonal(count);
        for (int j = 0; j < m; j++)
        {
            var w = weights.AsSpan(j * count, count);
            TensorPrimitives.MultiplyAdd(residual, alpha[j], w, w);
            TensorPrimitives.Multiply(w, precision, w);
        }
        inducing.AddCross(part.X, weights, 1, 1, Kernel, Inducing);
    }

    /// <summary>A row's own noise, prior variance and mean.</summary>
    private void AddRow(in RowBlock rows, int from, int i)
    {
        var x = rows.Row(from + i);
        double s = part.Noise[i];
        precision[i] = 1 / s;
        // ∂F/∂pᵢ = ½ (sᵢ − rᵢ² − kᵢᵢ + kᵢᵀ C kᵢ); FITC has qᵢᵢ in place of kᵢᵢ.
        double byPrecision = double.IsPositiveInfinity(s) ? 0
            : 0.5 * (s - residual[i] * residual[i] - (fitc ? part.Explained[i] : part.Prior[i]) + explained[i]);
        double byVariance = -byPrecision * precision[i] * precision[i];
        byNoise[i] = fitc ? byVariance : 0;
        if (byVariance != 0)
            LogNoiseVariance += process.NoiseVariance / rows.Weight(from + i) * byVariance;
        MeanConstant += residual[i] * precision[i];
        inducing.Kernel.AddDiagonalGradient(x, fitc ? byVariance : -0.5 * precision[i], Kernel);
        if (!part.IsWhite(i))
            return;
        // What white noise adds to the diagonal is what the row with itself has more than the latent function.
        Array.Clear(white);
        inducing.Kernel.AddGradient(new KernelRow(x, part.X, i, 1, self: i), [byVariance], white);
        inducing.Kernel.AddDiagonalGradient(x, -byVariance, white);
        TensorPrimitives.Add(Kernel, white, Kernel);
    }

    /// <summary>H −= pᵢ K_mm⁻¹ kᵢ for the missing trace and 2 gᵢ K_mm⁻¹ kᵢ for the diagonal, H before it is multiplied by p.</summary>
    private void AddDiagonal(int count)
    {
        int m = inducing.Count;
        double[] solved = part.Whitened;
        inducing.BackSubstitute(solved, count);
        double[] scaled = new double[m * count];
        for (int j = 0; j < m; j++)
        {
            var row = solved.AsSpan(j * count, count);
            TensorPrimitives.Multiply(row, byNoise, scaled.AsSpan(j * count, count));
            for (int i = 0; i < count; i++)
                if (precision[i] > 0)
                    weights[j * count + i] -= row[i] * (1 + 2 * byNoise[i] / precision[i]);
        }
        Gemm.Accumulate(m, m, count, 1, scaled, count, false, solved, count, true, Diagonal, m);
    }
}
