using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Σ uᵢuᵢᵀ of the rows' scores, each over the power of 1 − h that the kind asks for.</summary>
/// <remarks>A row that is fitted exactly (h = 1) has no score but rounding, and counts nothing.</remarks>
internal sealed class ScoreProducts(GlmModel model, RobustKind kind) : IBlockSum<ScoreProducts>
{
    private readonly FittedRows fitted = new(model);
    private readonly double[] squares = new double[FittedRows.Capacity];

    /// <summary>[q, q], lower triangle.</summary>
    public double[] Sum { get; } = new double[model.Parts.Transform.Width * model.Parts.Transform.Width];

    public long PositiveRows { get; private set; }

    public void Clear()
    {
        PositiveRows = 0;
        Array.Clear(Sum);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += FittedRows.Capacity)
        {
            int count = Math.Min(FittedRows.Capacity, rows.Count - start);
            fitted.Fill(rows, start, count);
            for (int i = 0; i < count; i++)
            {
                PositiveRows += rows.Weight(start + i) > 0 ? 1 : 0;
                double score = fitted.Score[i], rest = 1 - fitted.Leverage[i];
                squares[i] = score == 0 || rest == 0 ? 0 : score * score / kind switch
                {
                    RobustKind.HC2 => rest,
                    RobustKind.HC3 => rest * rest,
                    _ => 1,
                };
            }
            WeightedGram.Accumulate(fitted.Z, count, fitted.Width, fitted.Stride, squares, Sum);
        }
    }

    public void Merge(ScoreProducts other)
    {
        PositiveRows += other.PositiveRows;
        TensorPrimitives.Add(Sum, other.Sum, Sum);
    }
}
