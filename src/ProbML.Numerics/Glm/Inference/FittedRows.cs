using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Rows seen through a fitted model: z, means, scores, working weights and leverages, a few hundred at a time.</summary>
internal sealed class FittedRows : IScoredRows
{
    /// <summary>The most rows at once.</summary>
    public const int Capacity = IScoredRows.Capacity;

    private readonly GlmModelParts parts;
    private readonly double[] mixed;

    /// <summary>Room for the rows of a model's design.</summary>
    /// <exception cref="ArgumentException">The model has an L1 penalty, so that no covariance exists.</exception>
    public FittedRows(GlmModel model)
    {
        parts = model.Parts;
        int stride = parts.Transform.Stride;
        Z = GC.AllocateArray<double>(Capacity * stride, pinned: true);
        mixed = parts.Transform.Mixing is null ? [] : new double[Capacity * stride];
    }

    public int ParameterCount => Width;

    /// <summary>q.</summary>
    public int Width => parts.Transform.Width;

    /// <summary>The numbers from one row of Z to the next.</summary>
    public int Stride => parts.Transform.Stride;

    /// <summary>[Capacity, Stride].</summary>
    public double[] Z { get; }

    /// <summary>η, offset included.</summary>
    public double[] Eta { get; } = new double[Capacity];

    /// <summary>μ and its derivatives.</summary>
    public MeanPoint[] Mean { get; } = new MeanPoint[Capacity];

    /// <summary>w (y − μ) μ′ / V: the score with respect to η at φ = 1.</summary>
    public double[] Score { get; } = new double[Capacity];

    /// <summary>w μ′² / V.</summary>
    public double[] WorkingWeight { get; } = new double[Capacity];

    /// <summary>h = w μ′²/V · zᵀ (ZᵀWZ)⁻¹ z.</summary>
    public double[] Leverage { get; } = new double[Capacity];

    /// <summary>Fills all of them for rows [start, start + count).</summary>
    public void Fill(in RowBlock rows, int start, int count)
    {
        parts.Transform.Apply(rows, start, count, Z, mixed);
        Gemv.Multiply(Z, count, Width, Stride, parts.Scaled, Eta);
        if (Width > 0)
            QuadraticForm.Rows(Z, count, Width, Stride, parts.ModelCovariance, Width, Leverage);
        for (int i = 0; i < count; i++)
        {
            double w = Math.Max(0, rows.Weight(start + i));
            Eta[i] += rows.Offset(start + i);
            Mean[i] = parts.Link.Inverse(Eta[i]);
            Score[i] = w == 0 ? 0 : w * RowTerms.Score(parts.Family, rows.Response[start + i], Mean[i]);
            WorkingWeight[i] = w == 0 ? 0 : w * RowTerms.ExpectedInformation(parts.Family, Mean[i]);
            double h = WorkingWeight[i] * Leverage[i];
            Leverage[i] = h > 1 - 1e-12 ? 1 : h;          // as R: a row that its coefficients fit exactly
        }
    }

    public void AddScore(int row, Span<double> sum) =>
        TensorPrimitives.MultiplyAdd(Z.AsSpan(row * Stride, Width), Score[row], sum, sum);

    /// <exception cref="ArgumentException">There is no covariance to take leverages and sandwiches from.</exception>
    public static void CheckCovariance(GlmModel model)
    {
        if (model.Options.L1 > 0)
            throw new ArgumentException("An L1 fit has no covariance. Fit with L1 = 0.", nameof(model));
        GlmInference.CheckCovariance(model, model.Parts.ModelCovariance);
    }
}
