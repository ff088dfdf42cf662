using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>One pass over sparse rows at given coefficients: what <see cref="LikelihoodSum"/> is for dense ones.</summary>
internal sealed class ArrowSum : IBlockSum<ArrowSum>, ILikelihood
{
    private readonly ArrowLayout layout;
    private readonly ArrowRows z;
    private readonly double[] coefficients;
    private readonly bool withTheta;

    public ArrowSum(ArrowLayout layout, GlmPoint point, Information kind, bool withTheta, RowStatistics? statistics = null)
    {
        (this.layout, this.withTheta) = (layout, withTheta);
        z = new ArrowRows(layout);
        coefficients = layout.ToPlaces(point.Coefficients);
        Rows = new RowLikelihood(point, kind, withTheta, statistics);
        Information = new ArrowInformation(layout);
        Gradient = new double[layout.Width];
        ThetaCross = new double[withTheta ? layout.Width : 0];
    }

    /// <inheritdoc/>
    public RowLikelihood Rows { get; }

    /// <summary>Zᵀ W Z.</summary>
    public ArrowInformation Information { get; }

    /// <summary>∂l/∂b in the order of places, [q].</summary>
    public double[] Gradient { get; }

    /// <summary>−∂²l/∂b∂θ in the order of places, [q].</summary>
    public double[] ThetaCross { get; }

    public void Clear()
    {
        Rows.Clear();
        Information.Clear();
        Array.Clear(Gradient);
        Array.Clear(ThetaCross);
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
            Information.Add(z, count, Rows.Weight);
            if (withTheta)
                z.AccumulateTransposed(count, Rows.Cross, ThetaCross);
        }
    }

    public void Merge(ArrowSum other)
    {
        Rows.Merge(other.Rows);
        Information.Merge(other.Information);
        TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        TensorPrimitives.Add(ThetaCross, other.ThetaCross, ThetaCross);
    }

    /// <inheritdoc/>
    public NewtonStep? Step(GlmPoint point, Penalty penalty, Information kind, bool withTheta)
    {
        double[] l2 = layout.ToPlaces(penalty.L2), b = layout.ToPlaces(point.Coefficients), right = [.. Gradient];
        for (int k = 0; k < right.Length; k++)
            right[k] -= l2[k] * b[k];
        if (ArrowFactor.TryCreate(layout, Information, l2) is not { } factor)
            return null;
        double[] step = factor.Solve(right);
        double decrement = TensorPrimitives.Dot<double>(right, step), logTheta = 0;
        if (withTheta)
        {
            var (score, information) = NewtonStep.OfLogTheta(Rows, point.Theta);
            if (kind == Fitting.Information.Observed)
            {
                double[] cross = [.. ThetaCross];
                TensorPrimitives.Multiply(cross, point.Theta, cross);
                double[] moved = factor.Solve(cross);
                double left = information - TensorPrimitives.Dot<double>(cross, moved);
                if (!(left > 0))
                    return null;
                logTheta = (score - TensorPrimitives.Dot<double>(cross, step)) / left;
                TensorPrimitives.MultiplyAdd(moved, -logTheta, step, step);
                decrement = TensorPrimitives.Dot<double>(right, step) + score * logTheta;
            }
            else
            {
                logTheta = information > 0 ? score / information : Math.Sign(score);
            }
        }
        double[] diagonal = Information.AllDiagonal();
        TensorPrimitives.Add(diagonal, l2, diagonal);
        return NewtonStep.Of(
            layout.FromPlaces(step),
            NewtonStep.Clamp(logTheta),
            Math.Sqrt(Math.Max(0, decrement)),
            point,
            layout.FromPlaces(diagonal));
    }

    /// <inheritdoc/>
    public double[] Pivots(Penalty penalty)
    {
        double[] l2 = layout.ToPlaces(penalty.L2);
        return ArrowFactor.TryCreate(layout, Information, l2) is { } factor
            ? layout.FromPlaces(factor.SquaredPivots())
            : new double[layout.Width];
    }
}
