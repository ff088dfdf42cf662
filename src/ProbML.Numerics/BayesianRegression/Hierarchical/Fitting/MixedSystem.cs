using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>
/// M = Λᵀ [Z X]ᵀD[Z X] Λ + I (but for the fixed columns, which have neither Λ nor I), factored: group by group of the main factor, then
/// the Schur complement of the border, S = I + Λᵀ T Λ, T = B − Σ (LᵀC)ᵀ H⁻¹ (LᵀC).
/// </summary>
/// <remarks>H = LᵀAL + I of each main group. Pinheiro &amp; Bates (2000), §2.3; Bates et al. (2015), §3.</remarks>
internal sealed partial class MixedSystem
{
    private readonly MixedBlocks blocks;
    private readonly double[][] l;
    private readonly int q, n, fixedCount;
    private readonly double[] factors, reduced, complement, schur;
    private readonly int[] columnsOf;                     // scratch: a main group's columns in the border
    private double[]? inverse, covariance;

    private MixedSystem(MixedBlocks blocks, double[][] l, bool withFixed)
    {
        (this.blocks, this.l, q) = (blocks, l, blocks.Layout.Q);
        fixedCount = withFixed ? blocks.Layout.Fixed : 0;
        n = Random + fixedCount;
        int groups = blocks.Layout.MainGroups;
        factors = new double[groups * q * q];
        reduced = new double[blocks.Pattern.Size + groups * q * fixedCount];
        (complement, schur, columnsOf) = (new double[n * n], new double[n * n], new int[n]);
    }

    public MixedBlocks Blocks => blocks;

    /// <summary>L of each factor.</summary>
    public double[][] Factors => l;

    /// <summary>The columns of the border, r, or r + p with the fixed ones.</summary>
    public int Border => n;

    /// <summary>ln |ΛᵀZᵀDZΛ + I|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>ln |Xᵀ…X|, of the fixed columns given the others; 0 without them.</summary>
    public double FixedLogDeterminant { get; private set; }

    private int Random => blocks.Layout.Random;

    /// <summary>Factors M; null: it is not positive definite.</summary>
    public static MixedSystem? Factor(MixedBlocks blocks, double[][] l, bool withFixed)
    {
        var system = new MixedSystem(blocks, l, withFixed);
        return system.TryFactor() ? system : null;
    }

    /// <summary>Λᵀ v, of a vector over all coefficients on the columns' scale.</summary>
    public (double[] Main, double[] Border) Scaled(ReadOnlySpan<double> main, ReadOnlySpan<double> border) => Apply(main, border, true);

    /// <summary>Λ u.</summary>
    public MixedCoefficients Original((double[] Main, double[] Border) u)
    {
        var (main, border) = Apply(u.Main, u.Border, false);
        return new(main, [.. border, .. new double[blocks.Layout.Border - n]]);
    }

    /// <summary>M⁻¹ v.</summary>
    public (double[] Main, double[] Border) Solve((double[] Main, double[] Border) right)
    {
        double[] main = [.. right.Main], raw = new double[n];
        int groups = blocks.Layout.MainGroups;
        for (int j = 0; j < groups; j++)
        {
            var h = main.AsSpan(j * q, q);
            var r = Reduced(j, out int m);
            for (int c = 0; c < q; c++)
            {
                for (int i = 0; i < m; i++)
                    raw[columnsOf[i]] -= r[c * m + i] * h[c];
            }
            SmallCholesky.Solve(factors.AsSpan(j * q * q, q * q), q, h);
        }
        double[] border = [.. right.Border.AsSpan(0, n)];
        if (n == 0)
            return (main, border);
        TensorPrimitives.Add(border, Apply([], raw, true).Border, border);
        Cholesky.Solve(schur, n, n, border);
        raw = Apply([], border, false).Border;
        for (int j = 0; j < groups; j++)
        {
            var u = main.AsSpan(j * q, q);
            var r = Reduced(j, out int m);
            for (int c = 0; c < q; c++)
            {
                for (int i = 0; i < m; i++)
                    u[c] -= r[c * m + i] * raw[columnsOf[i]];
            }
        }
        return (main, border);
    }

    /// <summary>The covariance of all coefficients on the columns' scale, Λ M⁻¹ Λᵀ, as it is asked for.</summary>
    public MixedCovariance Covariance() => MixedCovariance.Of(this);

    /// <summary>H⁻¹LᵀC of a main group, [q, m], and in <see cref="columnsOf"/> the columns it is about.</summary>
    internal ReadOnlySpan<double> Reduced(int main, out int m)
    {
        m = ColumnsOf(main, columnsOf);
        return reduced.AsSpan(blocks.Pattern.Offset(main) + main * q * fixedCount, q * m);
    }

    /// <summary>The border columns that a main group has something in common with.</summary>
    internal int ColumnsOf(int main, Span<int> columns)
    {
        int m = 0;
        foreach (int group in blocks.Pattern.Of(main))
        {
            for (int c = 0; c < blocks.Layout.WidthOf[group]; c++)
                columns[m++] = blocks.Layout.ColumnOf[group] + c;
        }
        for (int c = 0; c < fixedCount; c++)
            columns[m++] = Random + c;
        return m;
    }

    /// <summary>L H⁻¹ Lᵀ of a main group, [q, q].</summary>
    internal void GroupCovariance(int main, Span<double> covariance)
    {
        double[] column = new double[q];
        for (int a = 0; a < q; a++)
        {
            for (int b = 0; b < q; b++)
                column[b] = l[0][a * q + b];
            SmallCholesky.Solve(factors.AsSpan(main * q * q, q * q), q, column);
            for (int b = 0; b < q; b++)
                covariance[b * q + a] = TensorPrimitives.Dot<double>(l[0].AsSpan(b * q, q), column);
        }
    }

    /// <summary>Λ S⁻¹ Λᵀ, [n, n].</summary>
    internal double[] BorderCovariance()
    {
        if (covariance is not null)
            return covariance;
        double[] v = HalfCovariance();
        ApplyRows(v, transpose: false);
        return covariance = v;
    }

    private bool TryFactor()
    {
        var layout = blocks.Layout;
        for (int i = 0; i < n; i++)
            blocks.Border.AsSpan(i * layout.Border, i + 1).CopyTo(complement.AsSpan(i * n));
        double[] product = new double[q * q], d = [];
        for (int j = 0; j < layout.MainGroups; j++)
        {
            var h = factors.AsSpan(j * q * q, q * q);
            SmallMatrix.TransposedTimes(l[0], blocks.Main.AsSpan(j * q * q, q * q), q, q, product);
            SmallMatrix.Times(product, l[0], q, h);
            for (int c = 0; c < q; c++)
                h[c * q + c] += 1;
            if (!SmallCholesky.TryFactor(h, q))
                return false;
            for (int c = 0; c < q; c++)
                LogDeterminant += 2 * Math.Log(h[c * q + c]);
            int m = ColumnsOf(j, columnsOf);
            if (m == 0)
                continue;
            if (d.Length < q * m)
                d = new double[q * m];
            Cross(j, m, d);                               // C
            var r = reduced.AsSpan(blocks.Pattern.Offset(j) + j * q * fixedCount, q * m);
            SmallMatrix.TransposedTimes(l[0], d.AsSpan(0, q * m), q, m, r);
            r.CopyTo(d);                                  // LᵀC
            SmallCholesky.Solve(h, q, r, m);
            for (int a = 0; a < m; a++)
            {
                for (int c = 0; c < q; c++)
                {
                    double weight = d[c * m + a];
                    int row = columnsOf[a] * n;
                    for (int b = 0; b < m; b++)
                    {
                        if (columnsOf[b] <= columnsOf[a])
                            complement[row + columnsOf[b]] -= weight * r[c * m + b];
                    }
                }
            }
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                complement[j * n + i] = complement[i * n + j];
        }
        return TryFactorBorder();
    }

    private bool TryFactorBorder()
    {
        if (n == 0)
            return double.IsFinite(LogDeterminant);
        complement.CopyTo(schur, 0);
        for (int i = 0; i < n; i++)
            ApplyRow(schur.AsSpan(i * n, n));
        ApplyRows(schur, transpose: true);
        for (int i = 0; i < Random; i++)
            schur[i * n + i] += 1;
        if (!Cholesky.TryFactor(schur, n, n, out _))
            return false;
        for (int i = 0; i < n; i++)
        {
            double log = 2 * Math.Log(schur[i * n + i]);
            if (i < Random)
                LogDeterminant += log;
            else
                FixedLogDeterminant += log;
        }
        return double.IsFinite(LogDeterminant + FixedLogDeterminant);
    }

    /// <summary>C of a main group with its columns of the border, [q, m].</summary>
    private void Cross(int main, int m, Span<double> cross)
    {
        int p = blocks.Layout.Fixed, from = blocks.Pattern.Offset(main), column = 0;
        foreach (int group in blocks.Pattern.Of(main))
        {
            int width = blocks.Layout.WidthOf[group];
            for (int c = 0; c < q; c++)
                blocks.Meetings.AsSpan(from + c * width, width).CopyTo(cross[(c * m + column)..]);
            from += q * width;
            column += width;
        }
        for (int c = 0; c < q; c++)
            blocks.Fixed.AsSpan((main * q + c) * p, fixedCount).CopyTo(cross[(c * m + column)..]);
    }

    /// <summary>S⁻¹ Λᵀ, [n, n].</summary>
    private double[] HalfCovariance()
    {
        if (inverse is null)
        {
            inverse = new double[n * n];
            Cholesky.InvertFromFactor(schur, n, n, inverse, n);
        }
        double[] half = [.. inverse];
        for (int i = 0; i < n; i++)
            ApplyTransposedRow(half.AsSpan(i * n, n));
        return half;
    }
}
