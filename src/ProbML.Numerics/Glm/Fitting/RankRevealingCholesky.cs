using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>
/// Which columns of a design are linearly independent of those before them, from its cross-product A = ZᵀZ: a column whose
/// part orthogonal to the columns kept so far is tiny is left out, the later one of a dependent set as in R.
/// </summary>
internal sealed class RankRevealingCholesky
{
    private readonly double[] factor;                     // rows of L, for kept columns; for others L⁻¹ a
    private readonly int n;

    /// <summary>Factors A, [n, n] by rows, lower triangle.</summary>
    /// <param name="a">A.</param>
    /// <param name="n">Its size.</param>
    /// <param name="tolerance">The smallest squared sine of the angle between a column and the span of those before it.</param>
    /// <param name="reference">What a column's squared length is measured against, [n]; null: A's diagonal.</param>
    /// <param name="keep">The columns to keep, where that is known; the tolerance then plays no part.</param>
    public RankRevealingCholesky(
        ReadOnlySpan<double> a, int n, double tolerance, double[]? reference = null, IReadOnlyCollection<int>? keep = null)
    {
        this.n = n;
        factor = new double[n * n];
        SquaredPivots = new double[n];
        for (int j = 0; j < n; j++)
        {
            var row = factor.AsSpan(j * n, n);
            for (int k = 0; k < Kept.Count; k++)
            {
                var earlier = factor.AsSpan(Kept[k] * n, n);
                row[k] = (a[j * n + Kept[k]] - TensorPrimitives.Dot(row[..k], (ReadOnlySpan<double>)earlier[..k])) / earlier[k];
            }
            var left = row[..Kept.Count];
            double length = a[j * n + j], rest = length - TensorPrimitives.SumOfSquares<double>(left);
            double share = length > 0 ? rest / (reference?[j] ?? length) : 0;
            if (keep?.Contains(j) ?? share > tolerance)
            {
                SquaredPivots[j] = rest;
                row[Kept.Count] = Math.Sqrt(Math.Max(rest, 1e-16 * length));
                Kept.Add(j);
            }
            else
            {
                Dropped.Add(j);
            }
        }
    }

    /// <summary>The independent columns, in order.</summary>
    public List<int> Kept { get; } = [];

    /// <summary>The columns that depend on kept ones before them.</summary>
    public List<int> Dropped { get; } = [];

    /// <summary>The squared length of each kept column's part orthogonal to those before it, [n]; 0 for a dropped one.</summary>
    public double[] SquaredPivots { get; }

    /// <summary>How a dropped column is made of the kept ones before it, [number of those], in their order.</summary>
    public double[] Dependence(int dropped)
    {
        int count = Kept.TakeWhile(k => k < dropped).Count();
        double[] c = factor.AsSpan(dropped * n, count).ToArray();
        for (int k = count - 1; k >= 0; k--)
        {
            for (int l = k + 1; l < count; l++)
                c[k] -= factor[Kept[l] * n + k] * c[l];
            c[k] /= factor[Kept[k] * n + k];
        }
        return c;
    }
}
