using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>
/// The joint normal of all coefficients: the border's γ ~ N(γ̂, V); given it, a main group's b ~ N(b̂ + M(γ − γ̂), W). Groups that were
/// never seen have b ~ N(0, Σ), apart from all others.
/// </summary>
/// <param name="Layout">The order of the coefficients.</param>
/// <param name="Pattern">Which groups meet.</param>
/// <param name="Groups">W of each main group, [J, q, q].</param>
/// <param name="Slopes">M of each main group, [q, m], one behind the other.</param>
/// <param name="Border">V, [r + p, r + p].</param>
/// <param name="Population">Σ of each factor, [q, q].</param>
internal sealed record MixedCovariance(
    MixedLayout Layout, MixedPattern Pattern, double[] Groups, double[] Slopes, double[] Border, double[][] Population)
{
    /// <summary>V's size: without the fixed columns r.</summary>
    public int Size { get; } = (int)Math.Round(Math.Sqrt(Border.Length));

    public static MixedCovariance Of(MixedSystem system)
    {
        var (layout, pattern) = (system.Blocks.Layout, system.Blocks.Pattern);
        int q = layout.Q, fixedCount = system.Border - layout.Random;
        double[] l = system.Factors[0], groups = new double[layout.MainGroups * q * q];
        double[] slopes = new double[pattern.Size + layout.MainGroups * q * fixedCount];
        for (int j = 0, at = 0; j < layout.MainGroups; j++)
        {
            system.GroupCovariance(j, groups.AsSpan(j * q * q, q * q));
            var r = system.Reduced(j, out int m);
            for (int c = 0; c < q; c++)
            {
                for (int k = 0; k <= c; k++)
                    TensorPrimitives.MultiplyAdd(
                        r.Slice(k * m, m), -l[c * q + k], slopes.AsSpan(at + c * m, m), slopes.AsSpan(at + c * m, m));
            }
            at += q * m;
        }
        double[][] population = [.. system.Factors.Select((factor, k) => Square(factor, layout.Factors[k].Width))];
        return new(layout, pattern, groups, slopes, system.Border == 0 ? [] : system.BorderCovariance(), population);
    }

    /// <summary>All variances times φ.</summary>
    public MixedCovariance Times(double dispersion) => this with
    {
        Groups = [.. Groups.Select(v => v * dispersion)],
        Border = [.. Border.Select(v => v * dispersion)],
        Population = [.. Population.Select(matrix => matrix.Select(v => v * dispersion).ToArray())],
    };

    /// <summary>Var(zᵀb + xᵀβ) of a row; groups that are −1 were never seen.</summary>
    public double Variance(ReadOnlySpan<int> groups, ReadOnlySpan<double> z, ReadOnlySpan<double> x)
    {
        int q = Layout.Q, dense = Size - Layout.Random, random = 0;
        double variance = 0;
        Span<double> fixedPart = stackalloc double[dense <= 256 ? dense : 0];
        if (dense > 256)
            fixedPart = new double[dense];
        x[..dense].CopyTo(fixedPart);
        int most = groups[0] >= 0 ? Pattern.Columns(groups[0]) : 0;
        for (int k = 1; k < groups.Length; k++)
            most += Layout.Factors[k].Width;
        Span<int> columns = most <= 256 ? stackalloc int[most] : new int[most];
        Span<double> values = most <= 256 ? stackalloc double[most] : new double[most];
        if (groups[0] >= 0)
        {
            variance += SmallMatrix.Quadratic(Groups.AsSpan(groups[0] * q * q, q * q), z[..q]);
            random = Through(groups[0], z[..q], columns, values, fixedPart);
        }
        else
        {
            variance += SmallMatrix.Quadratic(Population[0], z[..q]);
        }
        for (int k = 1, from = q; k < groups.Length; from += Layout.Factors[k++].Width)
        {
            int width = Layout.Factors[k].Width;
            var own = z.Slice(from, width);
            if (groups[k] < 0)
            {
                variance += SmallMatrix.Quadratic(Population[k], own);
                continue;
            }
            for (int c = 0; c < width; c++)
                (columns[random], values[random++]) = (Layout.Starts[k] + groups[k] * width + c, own[c]);
        }
        return variance + BorderQuadratic(columns[..random], values, fixedPart);
    }

    /// <summary>Mᵀz: what a main group's coefficients owe to the border.</summary>
    private int Through(int main, ReadOnlySpan<double> z, Span<int> columns, Span<double> values, Span<double> fixedPart)
    {
        int q = Layout.Q, count = Pattern.Columns(main), m = count + fixedPart.Length, i = 0;
        var slopes = Slopes.AsSpan(Pattern.Offset(main) + main * q * fixedPart.Length, q * m);
        foreach (int group in Pattern.Of(main))
        {
            for (int c = 0; c < Layout.WidthOf[group]; c++)
                columns[i++] = Layout.ColumnOf[group] + c;
        }
        values[..count].Clear();
        for (int c = 0; c < q; c++)
        {
            TensorPrimitives.MultiplyAdd(slopes.Slice(c * m, count), z[c], values[..count], values[..count]);
            TensorPrimitives.MultiplyAdd(slopes.Slice(c * m + count, fixedPart.Length), z[c], fixedPart, fixedPart);
        }
        return count;
    }

    private double BorderQuadratic(ReadOnlySpan<int> columns, ReadOnlySpan<double> values, ReadOnlySpan<double> fixedPart)
    {
        double sum = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            var row = Border.AsSpan(columns[i] * Size, Size);
            double one = 2 * TensorPrimitives.Dot<double>(row.Slice(Layout.Random, fixedPart.Length), fixedPart);
            for (int k = 0; k < columns.Length; k++)
                one += row[columns[k]] * values[k];
            sum += values[i] * one;
        }
        for (int i = 0; i < fixedPart.Length; i++)
            sum += fixedPart[i] * TensorPrimitives.Dot<double>(Border.AsSpan((Layout.Random + i) * Size + Layout.Random, fixedPart.Length), fixedPart);
        return sum;
    }

    private static double[] Square(double[] l, int q)
    {
        var square = new double[q * q];
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
                square[i * q + j] = TensorPrimitives.Dot<double>(l.AsSpan(i * q, q), l.AsSpan(j * q, q));
        }
        return square;
    }
}
