using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>[Z X]ᵀ D [Z X] and [Z X]ᵀ s, raw, kept by groups: memory grows with the groups, not with the rows.</summary>
/// <remarks>Z of the main factor is block diagonal; what stands beside it, the border, is dense.</remarks>
internal sealed class MixedBlocks(MixedLayout layout, MixedPattern pattern)
{
    private readonly int q = layout.Q, p = layout.Fixed, border = layout.Border;

    public MixedLayout Layout => layout;

    public MixedPattern Pattern => pattern;

    /// <summary>Z'DZ of each main group, [J, q, q].</summary>
    public double[] Main { get; } = new double[layout.MainGroups * layout.Q * layout.Q];

    /// <summary>Z'DX of each main group, [J, q, p].</summary>
    public double[] Fixed { get; } = new double[layout.MainGroups * layout.Q * layout.Fixed];

    /// <summary>Z'DZ of main groups with the border's, by the pattern.</summary>
    public double[] Meetings { get; } = new double[pattern.Size];

    /// <summary>The border's own products, [r + p, r + p], its lower triangle.</summary>
    public double[] Border { get; } = new double[layout.Border * layout.Border];

    /// <summary>Z's of each main group, [J, q].</summary>
    public double[] MainRight { get; } = new double[layout.MainGroups * layout.Q];

    /// <summary>[Z X]'s of the border, [r + p].</summary>
    public double[] BorderRight { get; } = new double[layout.Border];

    /// <summary>The sum of the rows' values.</summary>
    public double Value { get; set; }

    public void Clear()
    {
        Value = 0;
        foreach (double[] part in (double[][])[Main, Fixed, Meetings, Border, MainRight, BorderRight])
            Array.Clear(part);
    }

    /// <summary>Adds s [z x].</summary>
    public void AddScore(ReadOnlySpan<int> groups, ReadOnlySpan<double> z, double score)
    {
        TensorPrimitives.MultiplyAdd(z[..q], score, MainRight.AsSpan(groups[0] * q, q), MainRight.AsSpan(groups[0] * q, q));
        for (int k = 1, from = q; k < groups.Length; from += layout.Factors[k++].Width)
        {
            int width = layout.Factors[k].Width, at = layout.Starts[k] + groups[k] * width;
            for (int c = 0; c < width; c++)
                BorderRight[at + c] += score * z[from + c];
        }
    }

    /// <summary>Adds D z zᵀ and, if wanted, D z xᵀ; xxᵀ is summed elsewhere.</summary>
    public void AddProducts(ReadOnlySpan<int> groups, ReadOnlySpan<double> z, ReadOnlySpan<double> x, double information, bool withFixed)
    {
        int main = groups[0];
        for (int c = 0; c < q; c++)
        {
            double weight = information * z[c];
            var row = Main.AsSpan((main * q + c) * q, q);
            for (int d = 0; d < q; d++)
                row[d] += weight * z[d];
            if (!withFixed)
                continue;
            var cross = Fixed.AsSpan((main * q + c) * p, p);
            for (int d = 0; d < cross.Length; d++)
                cross[d] += weight * x[d];
        }
        for (int k = 1, from = q; k < groups.Length; from += layout.Factors[k++].Width)
        {
            int width = layout.Factors[k].Width, at = layout.Starts[k] + groups[k] * width;
            var own = z.Slice(from, width);
            int block = pattern.Find(main, layout.GroupStarts[k] + groups[k]);
            for (int c = 0; c < q; c++)
            {
                for (int d = 0; d < width; d++)
                    Meetings[block + c * width + d] += information * z[c] * own[d];
            }
            for (int l = 1, other = q; l <= k; other += layout.Factors[l++].Width)
            {
                int beside = layout.Starts[l] + groups[l] * layout.Factors[l].Width;
                for (int c = 0; c < width; c++)
                {
                    for (int d = 0; d < layout.Factors[l].Width; d++)
                        Border[(at + c) * border + beside + d] += information * own[c] * z[other + d];
                }
            }
            for (int j = 0; withFixed && j < p; j++)
            {
                for (int c = 0; c < width; c++)
                    Border[(layout.Random + j) * border + at + c] += information * x[j] * own[c];
            }
        }
    }

    /// <summary>Adds sums of fixed columns.</summary>
    /// <param name="products">Σ D x xᵀ, [p, p], the lower triangle.</param>
    /// <param name="right">Σ s x, [p].</param>
    public void AddFixed(ReadOnlySpan<double> products, ReadOnlySpan<double> right)
    {
        int r = layout.Random;
        for (int i = 0; i < p; i++)
        {
            BorderRight[r + i] += right[i];
            for (int j = 0; j <= i; j++)
                Border[(r + i) * border + r + j] += products[i * p + j];
        }
    }

    /// <summary>[Z X]ᵀD[Z X] c, less what X has to do with the fixed coefficients themselves.</summary>
    /// <remarks>All of it where <paramref name="withFixed"/> is true.</remarks>
    public MixedCoefficients Times(MixedCoefficients c, bool withFixed)
    {
        var product = MixedCoefficients.Zero(layout);
        int known = withFixed ? border : layout.Random;
        for (int j = 0; j < layout.MainGroups; j++)
        {
            var b = c.Main.AsSpan(j * q, q);
            for (int a = 0; a < q; a++)
            {
                double sum = TensorPrimitives.Dot<double>(Main.AsSpan((j * q + a) * q, q), b);
                var cross = Fixed.AsSpan((j * q + a) * p, p);
                if (withFixed)
                    sum += TensorPrimitives.Dot<double>(cross, c.Border.AsSpan(layout.Random, p));
                var fixedRows = product.Border.AsSpan(layout.Random, p);
                TensorPrimitives.MultiplyAdd(cross, b[a], fixedRows, fixedRows);
                int block = pattern.Offset(j);
                foreach (int group in pattern.Of(j))
                {
                    int width = layout.WidthOf[group], at = layout.ColumnOf[group];
                    for (int d = 0; d < width; d++)
                    {
                        sum += Meetings[block + a * width + d] * c.Border[at + d];
                        product.Border[at + d] += Meetings[block + a * width + d] * b[a];
                    }
                    block += q * width;
                }
                product.Main[j * q + a] += sum;
            }
        }
        for (int i = 0; i < border; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double entry = Border[i * border + j];
                if (j < known)
                    product.Border[i] += entry * c.Border[j];
                if (i != j && i < known)
                    product.Border[j] += entry * c.Border[i];
            }
        }
        return product;
    }
}
