using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Score and information of a model and of features to be added, at the model's estimates.</summary>
internal sealed class AddedScore : IBlockSum<AddedScore>
{
    private readonly FittedRows fitted;
    private readonly int[] own;
    private readonly RowTransform extra;
    private readonly int width, stride, known;
    private readonly double[] features, added, joint, gradient, information;

    /// <summary>Empty sums.</summary>
    /// <param name="model">The model.</param>
    /// <param name="own">The places of its features.</param>
    /// <param name="extra">The coordinates of the features to be added.</param>
    public AddedScore(GlmModel model, int[] own, RowTransform extra)
    {
        (fitted, this.own, this.extra) = (new FittedRows(model), own, extra);
        known = fitted.Width;
        width = known + extra.Width;
        stride = (width + 15) / 16 * 16;
        features = new double[FittedRows.Capacity * own.Length];
        added = new double[FittedRows.Capacity * extra.Stride];
        joint = new double[FittedRows.Capacity * stride];
        (gradient, information) = (new double[width], new double[width * width]);
    }

    public void Clear()
    {
        Array.Clear(gradient);
        Array.Clear(information);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += FittedRows.Capacity)
        {
            int count = Math.Min(FittedRows.Capacity, rows.Count - start);
            FeatureSubset.Pick(rows, start, count, own, features);
            fitted.Fill(
                new RowBlock(count, own.Length, features, rows.Response.Slice(start, count),
                    rows.Weights.IsEmpty ? default : rows.Weights.Slice(start, count),
                    rows.Offsets.IsEmpty ? default : rows.Offsets.Slice(start, count)),
                0,
                count);
            extra.Apply(rows, start, count, added, []);
            for (int i = 0; i < count; i++)
            {
                fitted.Z.AsSpan(i * fitted.Stride, known).CopyTo(joint.AsSpan(i * stride));
                added.AsSpan(i * extra.Stride, extra.Width).CopyTo(joint.AsSpan(i * stride + known));
            }
            Gemv.AccumulateTransposed(joint, count, width, stride, fitted.Score, gradient);
            WeightedGram.Accumulate(joint, count, width, stride, fitted.WorkingWeight, information);
        }
    }

    public void Merge(AddedScore other)
    {
        TensorPrimitives.Add(gradient, other.gradient, gradient);
        TensorPrimitives.Add(information, other.information, information);
    }

    /// <summary>u₂ (less what is left of u₁), A₂₂ − A₂₁A₁₁⁻¹A₁₂ and the diagonal of A₂₂.</summary>
    public (double[] Score, double[] Schur, double[] Whole) Reduce()
    {
        int k = extra.Width;
        double[] a = new double[known * known], cross = new double[known];
        for (int i = 0; i < known; i++)
            information.AsSpan(i * width, i + 1).CopyTo(a.AsSpan(i * known));
        Cholesky.TryFactor(a, known, known, out _);
        double[] score = gradient[known..], schur = new double[k * k], whole = new double[k];
        for (int i = 0; i < k; i++)
        {
            information.AsSpan((known + i) * width, known).CopyTo(cross);
            Cholesky.Solve(a, known, known, cross);
            score[i] -= TensorPrimitives.Dot<double>(cross, gradient.AsSpan(0, known));
            for (int j = 0; j <= i; j++)
                schur[i * k + j] = information[(known + i) * width + known + j]
                    - TensorPrimitives.Dot<double>(cross, information.AsSpan((known + j) * width, known));
            whole[i] = information[(known + i) * width + known + i];
        }
        return (score, schur, whole);
    }
}
