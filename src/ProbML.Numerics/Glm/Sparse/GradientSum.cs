using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>One pass over sparse rows whose information matrix would be too large: the gradient, and the matrix's diagonal.</summary>
internal sealed class GradientSum : IBlockSum<GradientSum>, ILikelihood
{
    private readonly ArrowLayout layout;
    private readonly ArrowRows z;
    private readonly double[] coefficients;

    public GradientSum(ArrowLayout layout, GlmPoint point, Information kind, RowStatistics? statistics = null)
    {
        this.layout = layout;
        z = new ArrowRows(layout);
        coefficients = layout.ToPlaces(point.Coefficients);
        Rows = new RowLikelihood(point, kind, withTheta: false, statistics);
        (Gradient, Diagonal) = (new double[layout.Width], new double[layout.Width]);
    }

    /// <inheritdoc/>
    public RowLikelihood Rows { get; }

    /// <summary>∂l/∂b in the order of places, [q].</summary>
    public double[] Gradient { get; }

    /// <summary>The diagonal of Zᵀ W Z in the order of places, [q].</summary>
    public double[] Diagonal { get; }

    public void Clear()
    {
        Rows.Clear();
        Array.Clear(Gradient);
        Array.Clear(Diagonal);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && Rows.IsValid; start += RowLikelihood.Capacity)
        {
            int count = Math.Min(RowLikelihood.Capacity, rows.Count - start);
            z.Fill(rows, start, count);
            z.Multiply(count, coefficients, Rows.Eta);
            if (!Rows.Add(rows, start, count))
                return;
            z.AccumulateTransposed(count, Rows.Score, Gradient);
            z.AccumulateSquares(count, Rows.Weight, Diagonal);
        }
    }

    public void Merge(GradientSum other)
    {
        Rows.Merge(other.Rows);
        TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        TensorPrimitives.Add(Diagonal, other.Diagonal, Diagonal);
    }

    /// <inheritdoc/>
    /// <remarks>There is no matrix to solve with: <see cref="GradientIteration"/> takes its place.</remarks>
    public NewtonStep? Step(GlmPoint point, Penalty penalty, Information kind, bool withTheta) => null;

    /// <inheritdoc/>
    public double[] Pivots(Penalty penalty)
    {
        double[] pivots = layout.FromPlaces(Diagonal);
        TensorPrimitives.Add(pivots, penalty.L2, pivots);
        return pivots;
    }
}
