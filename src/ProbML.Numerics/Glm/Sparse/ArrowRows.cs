using System.Runtime.CompilerServices;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The coordinates z of a few hundred sparse rows: the dense columns as a matrix, the others as entries.</summary>
internal sealed class ArrowRows
{
    private readonly ArrowLayout layout;
    private readonly double[] zero;                       // dense z of a row without entries
    private readonly double[] rates, shifts;              // by place

    public ArrowRows(ArrowLayout layout)
    {
        this.layout = layout;
        Stride = (layout.Dense + 7) / 8 * 8;
        Dense = GC.AllocateArray<double>(RowLikelihood.Capacity * Math.Max(8, Stride), pinned: true);
        Starts = new int[RowLikelihood.Capacity + 1];
        zero = new double[Stride];
        (rates, shifts) = (new double[layout.Width], new double[layout.Width]);
        var transform = layout.Transform;
        for (int j = 0; j < transform.FeatureCount; j++)
        {
            if (layout.PlaceOfFeature[j] is >= 0 and var place)
                (rates[place], shifts[place]) = (transform.Rates[j], transform.Shifts[j]);
        }
        if (transform.Intercept)
            zero[0] = 1;
        for (int k = transform.Intercept ? 1 : 0; k < layout.Dense; k++)
            zero[k] = shifts[layout.Sparse + k];
    }

    /// <summary>The numbers from one row of <see cref="Dense"/> to the next: m rounded up, the rest zeros.</summary>
    public int Stride { get; }

    /// <summary>z of the dense columns, [rows, Stride].</summary>
    public double[] Dense { get; }

    /// <summary>Where each row's entries start, [rows + 1].</summary>
    public int[] Starts { get; }

    /// <summary>The entries' places, below e + c.</summary>
    public int[] Places { get; private set; } = [];

    /// <summary>The entries' z.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>Takes rows [start, start + count) of a block, sparse or dense.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(in RowBlock rows, int start, int count)
    {
        int most = rows.IsSparse ? rows.RowStarts[start + count] - rows.RowStarts[start] : count * rows.FeatureCount;
        if (Places.Length < most)
            (Places, Values) = (new int[most], new double[most]);
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            var dense = Dense.AsSpan(i * Stride, Stride);
            zero.CopyTo(dense);
            Starts[i] = used;
            if (rows.IsSparse)
            {
                int from = rows.RowStarts[start + i], to = rows.RowStarts[start + i + 1];
                var indices = rows.Indices[from..to];
                var entries = rows.Entries[from..to];
                for (int k = 0; k < indices.Length; k++)
                    used = Put(indices[k], entries[k], dense, used);
                continue;
            }
            var row = rows.Row(start + i);
            for (int j = 0; j < row.Length; j++)
            {
                if (row[j] != 0)
                    used = Put(j, row[j], dense, used);
            }
        }
        Starts[count] = used;
    }

    /// <summary>η of the rows, offsets aside.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="coefficients">b in the order of places, [q].</param>
    /// <param name="eta">[count].</param>
    public void Multiply(int count, double[] coefficients, Span<double> eta)
    {
        Gemv.Multiply(Dense, count, layout.Dense, Stride, coefficients.AsSpan(layout.Sparse), eta);
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int k = Starts[i]; k < Starts[i + 1]; k++)
                sum += coefficients[Places[k]] * Values[k];
            eta[i] += sum;
        }
    }

    /// <summary>target += Σ factorᵢ zᵢ, in the order of places, [q].</summary>
    public void AccumulateTransposed(int count, double[] factor, double[] target)
    {
        Gemv.AccumulateTransposed(Dense, count, layout.Dense, Stride, factor, target.AsSpan(layout.Sparse));
        for (int i = 0; i < count; i++)
        {
            for (int k = Starts[i]; k < Starts[i + 1]; k++)
                target[Places[k]] += factor[i] * Values[k];
        }
    }

    /// <summary>target += Σ factorᵢ zᵢ ⊙ zᵢ, in the order of places, [q].</summary>
    public void AccumulateSquares(int count, double[] factor, double[] target)
    {
        for (int i = 0; i < count; i++)
        {
            for (int k = Starts[i]; k < Starts[i + 1]; k++)
                target[Places[k]] += factor[i] * Values[k] * Values[k];
            for (int k = 0; k < layout.Dense; k++)
                target[layout.Sparse + k] += factor[i] * Dense[i * Stride + k] * Dense[i * Stride + k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Put(int feature, double value, Span<double> dense, int used)
    {
        int place = layout.PlaceOfFeature[feature];
        if (place >= layout.Sparse)
        {
            dense[place - layout.Sparse] = Math.FusedMultiplyAdd(value, rates[place], shifts[place]);
        }
        else if (place >= 0)
        {
            (Places[used], Values[used]) = (place, value * rates[place]);
            used++;
        }
        return used;
    }
}
