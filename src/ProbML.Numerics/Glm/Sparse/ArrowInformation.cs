using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Zᵀ W Z in arrow shape: a diagonal block, what joins it to the core, and the core.</summary>
/// <remarks>Memory: e (1 + m) + pairs + c² + c m + m² numbers, instead of (e + c + m)².</remarks>
internal sealed class ArrowInformation
{
    private readonly ArrowLayout layout;
    private readonly int[] corePlaces;                    // of the row at hand
    private readonly double[] coreValues;

    public ArrowInformation(ArrowLayout layout)
    {
        this.layout = layout;
        int e = layout.Eliminated, c = layout.Core, m = layout.Dense;
        Stride = (m + 7) / 8 * 8;
        Diagonal = new double[e];
        Joins = new double[layout.Neighbours.Length];
        DenseJoins = new double[checked(e * Stride)];
        Core = new double[checked(c * c)];
        CoreDense = new double[checked(c * Stride)];
        Dense = new double[m * m];
        (corePlaces, coreValues) = (new int[c], new double[c]);
    }

    /// <summary>m rounded up.</summary>
    public int Stride { get; }

    /// <summary>The diagonal of the eliminated columns, [e].</summary>
    public double[] Diagonal { get; }

    /// <summary>Eliminated with sparse core columns, at the layout's neighbours.</summary>
    public double[] Joins { get; }

    /// <summary>Eliminated with dense columns, [e, Stride].</summary>
    public double[] DenseJoins { get; }

    /// <summary>Sparse core columns, [c, c], lower triangle.</summary>
    public double[] Core { get; }

    /// <summary>Sparse core with dense columns, [c, Stride].</summary>
    public double[] CoreDense { get; }

    /// <summary>Dense columns, [m, m], lower triangle.</summary>
    public double[] Dense { get; }

    private double[][] Parts => [Diagonal, Joins, DenseJoins, Core, CoreDense, Dense];

    public void Clear()
    {
        foreach (double[] part in Parts)
            Array.Clear(part);
    }

    public void Merge(ArrowInformation other)
    {
        foreach (var (mine, others) in Parts.Zip(other.Parts))
            TensorPrimitives.Add(mine, others, mine);
    }

    /// <summary>Adds Σ wᵢ zᵢ zᵢᵀ.</summary>
    /// <exception cref="InvalidOperationException">A row shows what no row showed in the first pass.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ArrowRows rows, int count, double[] weights)
    {
        WeightedGram.Accumulate(rows.Dense, count, layout.Dense, rows.Stride, weights, Dense);
        int e = layout.Eliminated, c = layout.Core;
        for (int i = 0; i < count; i++)
        {
            var dense = rows.Dense.AsSpan(i * Stride, Stride);
            int eliminated = -1, met = 0;
            double own = 0, w = weights[i];
            for (int k = rows.Starts[i]; k < rows.Starts[i + 1]; k++)
            {
                int place = rows.Places[k];
                double value = rows.Values[k];
                if (place >= e)
                {
                    (corePlaces[met], coreValues[met]) = (place - e, value);
                    met++;
                }
                else if (eliminated < 0)
                {
                    (eliminated, own) = (place, value);
                }
                else
                {
                    throw Changed();
                }
            }
            if (eliminated >= 0)
            {
                Diagonal[eliminated] += w * own * own;
                AddScaled(w * own, dense, DenseJoins.AsSpan(eliminated * Stride, Stride));
                for (int k = 0; k < met; k++)
                    Joins[Find(eliminated, corePlaces[k])] += w * own * coreValues[k];
            }
            for (int k = 0; k < met; k++)
            {
                double scaled = w * coreValues[k];
                AddScaled(scaled, dense, CoreDense.AsSpan(corePlaces[k] * Stride, Stride));
                int row = corePlaces[k] * c;
                for (int l = 0; l <= k; l++)              // places ascend within a row: features do
                    Core[row + corePlaces[l]] += scaled * coreValues[l];
            }
        }
    }

    /// <summary>The diagonal, in the order of places, [q].</summary>
    public double[] AllDiagonal()
    {
        int e = layout.Eliminated, c = layout.Core, m = layout.Dense;
        var all = new double[layout.Width];
        Diagonal.CopyTo(all, 0);
        for (int k = 0; k < c; k++)
            all[e + k] = Core[k * c + k];
        for (int k = 0; k < m; k++)
            all[e + c + k] = Dense[k * m + k];
        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(int eliminated, int core)
    {
        int low = layout.Starts[eliminated], high = layout.Starts[eliminated + 1] - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1, found = layout.Neighbours[middle];
            if (found == core)
                return middle;
            (low, high) = found < core ? (middle + 1, high) : (low, middle - 1);
        }
        throw Changed();
    }

    private static InvalidOperationException Changed() => new(
        "Features that never met in a row in the first pass over the data meet in a later one: the data change from pass to pass. "
        + "Cache them, or take what is random out of the pipeline.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(double factor, ReadOnlySpan<double> row, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(row), to = ref MemoryMarshal.GetReference(target);
        for (int k = 0; k < row.Length; k += Vector<double>.Count)
            Vector.FusedMultiplyAdd(
                new Vector<double>(factor),
                Vector.LoadUnsafe(ref from, (nuint)k),
                Vector.LoadUnsafe(ref to, (nuint)k)).StoreUnsafe(ref to, (nuint)k);
    }
}
