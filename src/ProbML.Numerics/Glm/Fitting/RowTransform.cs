using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The coordinates in which a model is fitted: z = [1, x ⊙ r − c] M, a row of q numbers for each row of features.</summary>
/// <remarks>
/// Scaling by r makes the fit indifferent to units, shifting by c (only where an intercept can take it up) to far-off
/// origins; the mixing M, used for nearly dependent columns alone, makes them orthogonal: the Cholesky QR of Yamamoto et al.
/// (2015). Since z is computed with one rounding from the stored r and c, going back to the columns as they were is exact.
/// </remarks>
internal sealed class RowTransform
{
    private readonly double[] rate;
    private readonly double[] shift;                      // minus c
    private readonly int first;                           // 1 where there is an intercept

    public RowTransform(bool intercept, int featureCount, int[] columns, double[] rate, double[] shift, double[]? mixing)
    {
        Intercept = intercept;
        FeatureCount = featureCount;
        Columns = columns;
        this.rate = rate;
        this.shift = shift;
        Mixing = mixing;
        first = intercept ? 1 : 0;
        Width = first + columns.Length;
        Stride = Math.Max(16, (Width + 15) / 16 * 16);
    }

    public bool Intercept { get; }

    public int FeatureCount { get; }

    /// <summary>The features it keeps, in order.</summary>
    public int[] Columns { get; }

    /// <summary>q.</summary>
    public int Width { get; }

    /// <summary>The numbers from one row of z to the next: q rounded up, the rest zeros.</summary>
    public int Stride { get; }

    /// <summary>M, [q, q] upper triangular, or null: the identity.</summary>
    public double[]? Mixing { get; }

    /// <summary>The coordinates that the moments suggest; a constant column keeps its scale.</summary>
    /// <param name="moments">The columns' means and squares.</param>
    /// <param name="intercept">Whether z starts with a one.</param>
    /// <param name="centre">Whether columns are centred.</param>
    /// <param name="uncentred">Columns that are not in any case, [d]: sparse ones, whose zeros must stay zeros.</param>
    public static RowTransform Standardising(ResponseMoments moments, bool intercept, bool centre, bool[]? uncentred = null)
    {
        int d = moments.Mean.Length;
        double[] rate = new double[d], shift = new double[d];
        for (int j = 0; j < d; j++)
        {
            double mean = moments.Mean[j], variance = moments.Squares[j] / moments.SumOfWeights;
            bool centred = centre && !(uncentred?[j] ?? false);
            double scale = Math.Sqrt(centred ? variance : variance + mean * mean);
            if (!(scale > 1e-14 * Math.Abs(mean)) || scale < 1e-300)
                scale = Math.Abs(mean) > 0 ? Math.Abs(mean) : 1;
            rate[j] = 1 / scale;
            shift[j] = centred ? -mean / scale : 0;
        }
        return new RowTransform(intercept, d, [.. Enumerable.Range(0, d)], rate, shift, null);
    }

    /// <summary>The same coordinates for fewer columns, given by their places among the q (the intercept counts).</summary>
    public RowTransform Keep(IReadOnlyList<int> kept, double[]? mixing = null) => new(
        Intercept && kept.Count > 0 && kept[0] == 0,
        FeatureCount,
        [.. kept.Where(k => k >= first).Select(k => Columns[k - first])],
        rate,
        shift,
        mixing);

    /// <summary>The intercept alone, or nothing: the coordinates of the null model.</summary>
    public RowTransform Null() => new(Intercept, FeatureCount, [], rate, shift, null);

    /// <summary>r of a kept column: β = r b, mixing aside.</summary>
    public double Rate(int column) => rate[Columns[column]];

    /// <summary>r of each feature, [d].</summary>
    public ReadOnlySpan<double> Rates => rate;

    /// <summary>−c of each feature, [d].</summary>
    public ReadOnlySpan<double> Shifts => shift;

    /// <summary>z of rows [start, start + count), [count, Stride]; the padding must be zero and stays so.</summary>
    public void Apply(in RowBlock rows, int start, int count, Span<double> z, Span<double> scratch)
    {
        var target = Mixing is null ? z : scratch;
        bool all = Columns.Length == FeatureCount;
        for (int i = 0; i < count; i++)
        {
            var row = target.Slice(i * Stride, Width);
            if (Intercept)
                row[0] = 1;
            var x = rows.Row(start + i);
            if (all)
                Standardise(x, rate, shift, row[first..]);
            else
                for (int j = 0; j < Columns.Length; j++)
                    row[first + j] = Math.FusedMultiplyAdd(x[Columns[j]], rate[Columns[j]], shift[Columns[j]]);
        }
        if (Mixing is not null)
            Mix(scratch, count, z);
    }

    /// <summary>β = T b, [1 + d or d], aliased ones zero, without T.</summary>
    public double[] Original(ReadOnlySpan<double> b)
    {
        var beta = new double[first + FeatureCount];
        if (Mixing is not null)
        {
            double[] t = ToOriginal(out int rows);
            for (int i = 0; i < rows; i++)
                beta[i] = System.Numerics.Tensors.TensorPrimitives.Dot(t.AsSpan(i * Width, Width), b);
            return beta;
        }
        if (Intercept)
            beta[0] = b[0];
        for (int j = 0; j < Columns.Length; j++)
        {
            beta[first + Columns[j]] = rate[Columns[j]] * b[first + j];
            if (Intercept)
                beta[0] += shift[Columns[j]] * b[first + j];
        }
        return beta;
    }

    /// <summary>The matrix T with β = T b, [1 + d or d, q] by rows: from coefficients of z to those of [1, x].</summary>
    public double[] ToOriginal(out int rows)
    {
        rows = first + FeatureCount;
        var t = new double[rows * Width];
        var plain = new double[rows * Width];
        if (Intercept)
            plain[0] = 1;
        for (int j = 0; j < Columns.Length; j++)
        {
            int k = first + j, column = Columns[j];
            plain[(first + column) * Width + k] = rate[column];
            if (Intercept)
                plain[k] = shift[column];
        }
        if (Mixing is null)
            return plain;
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < Width; k++)
            {
                double sum = 0;
                for (int l = 0; l <= k; l++)
                    sum += plain[i * Width + l] * Mixing[l * Width + k];
                t[i * Width + k] = sum;
            }
        }
        return t;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Intercept);
        writer.Write(FeatureCount);
        writer.WriteArray(Columns);
        writer.WriteArray(rate);
        writer.WriteArray(shift);
        writer.Write(Mixing is not null);
        if (Mixing is not null)
            writer.WriteArray(Mixing);
    }

    public static RowTransform Read(BinaryReader reader)
    {
        bool intercept = reader.ReadBoolean();
        int d = reader.ReadCount("features");
        int[] columns = reader.ReadInt32Array("kept columns");
        double[] rate = reader.ReadDoubleArray("rates"), shift = reader.ReadDoubleArray("shifts");
        double[]? mixing = reader.ReadBoolean() ? reader.ReadDoubleArray("mixing") : null;
        int q = columns.Length + (intercept ? 1 : 0);
        if (rate.Length != d || shift.Length != d || Array.Exists(columns, c => c < 0 || c >= d)
            || (mixing is not null && mixing.Length != q * q))
            throw new FormatException("The model's coordinates do not fit its number of features.");
        return new RowTransform(intercept, d, columns, rate, shift, mixing);
    }

    /// <summary>Reads coordinates of so many features.</summary>
    /// <exception cref="FormatException">They are of another number, or damaged.</exception>
    public static RowTransform Read(BinaryReader reader, int features) => Read(reader) is var transform && transform.FeatureCount == features
        ? transform
        : throw new FormatException($"Coordinates of {transform.FeatureCount} features do not fit rows of {features}.");

    /// <summary>x ⊙ rate + shift, rounded once; a short loop, for rows are short and there are many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Standardise(
        ReadOnlySpan<double> x, ReadOnlySpan<double> rate, ReadOnlySpan<double> shift, Span<double> z)
    {
        ref double source = ref MemoryMarshal.GetReference(x), factor = ref MemoryMarshal.GetReference(rate);
        ref double added = ref MemoryMarshal.GetReference(shift), target = ref MemoryMarshal.GetReference(z);
        int j = 0;
        for (; j <= x.Length - Vector<double>.Count; j += Vector<double>.Count)
            Vector.FusedMultiplyAdd(
                Vector.LoadUnsafe(ref source, (nuint)j),
                Vector.LoadUnsafe(ref factor, (nuint)j),
                Vector.LoadUnsafe(ref added, (nuint)j)).StoreUnsafe(ref target, (nuint)j);
        for (; j < x.Length; j++)
            z[j] = Math.FusedMultiplyAdd(x[j], rate[j], shift[j]);
    }

    private void Mix(ReadOnlySpan<double> plain, int count, Span<double> z)
    {
        for (int i = 0; i < count; i++)
            z.Slice(i * Stride, Width).Clear();
        Gemm.Accumulate(count, Width, Width, 1, plain, Stride, false, Mixing, Width, false, z, Stride);
    }
}
