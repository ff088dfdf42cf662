using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>Copies a row's vector of features, dense or sparse, Single or Double, into doubles.</summary>
internal abstract class FeatureReader(DataViewRow row, string name)
{
    private RowBuffer? target;
    private SparseRoom? room;                             // of the target

    public static FeatureReader Create(DataViewRow row, DataViewSchema.Column column) =>
        ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Single
            ? new OfSingles(row, column)
            : new OfDoubles(row, column);

    /// <summary>Copies the features of the row under the cursor.</summary>
    /// <returns>Their sum, which is finite only if each of them is.</returns>
    public abstract double Read(Span<double> features);

    /// <summary>Copies the features of the row under the cursor that are not zero, in ascending order.</summary>
    /// <param name="featureCount">How many features a row has.</param>
    /// <param name="room">Makes room for so many.</param>
    /// <returns>How many there were, and their sum, which is finite only if each of them is.</returns>
    public abstract (int Count, double Sum) ReadSparse(int featureCount, SparseRoom room);

    /// <summary>As <see cref="ReadSparse"/>; −1 if one is infinite or NaN.</summary>
    public int ReadSparseFinite(RowBuffer buffer)
    {
        if (!ReferenceEquals(target, buffer))
            (target, room) = (buffer, buffer.StartSparseRow);
        var (count, sum) = ReadSparse(buffer.FeatureCount, room!);
        if (double.IsFinite(sum))
            return count;
        buffer.StartSparseRow(count, out _, out var values);
        foreach (double value in values)
            if (!double.IsFinite(value))
                return -1;
        return count;                       // so large that only their sum is infinite
    }

    /// <summary>Copies the features of the row under the cursor, and says whether none is infinite or NaN.</summary>
    public bool ReadFinite(Span<double> features)
    {
        if (double.IsFinite(Read(features)))
            return true;
        foreach (double value in features)
            if (!double.IsFinite(value))
                return false;
        return true;                        // so large that only their sum is infinite
    }

    /// <summary>Copies the features of the row under the cursor, and says whether none is infinite; NaN: not observed.</summary>
    public bool ReadObserved(Span<double> features)
    {
        if (double.IsFinite(Read(features)))
            return true;
        foreach (double value in features)
            if (double.IsInfinity(value))
                return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        ref float source = ref MemoryMarshal.GetReference(from);
        ref double target = ref MemoryMarshal.GetReference(to);
        var sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)i), out var low, out var high);
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)(i + Vector<double>.Count));
            sums += low + high;
        }
        double sum = Vector.Sum(sums);
        for (; i < from.Length; i++)
        {
            to[i] = from[i];
            sum += from[i];
        }
        return sum;
    }

    private static (int Count, double Sum) Compress<T>(in VBuffer<T> buffer, SparseRoom room)
        where T : struct, INumber<T>
    {
        var from = buffer.GetValues();
        room(from.Length, out var features, out var values);
        int used = 0;
        double sum = 0;
        var indices = buffer.IsDense ? default : buffer.GetIndices();
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] == T.Zero)
                continue;
            double value = double.CreateTruncating(from[i]);
            (features[used], values[used]) = (indices.IsEmpty ? i : indices[i], value);
            sum += value;
            used++;
        }
        return (used, sum);
    }

    private void CheckLength(int found, int expected)
    {
        if (found != expected)
            throw new InvalidOperationException(
                $"Row {row.Position + 1} of '{name}' has {found} values where {expected} are declared. "
                + "Give every row a vector of the declared size.");
    }

    /// <summary>Makes room for a row's entries.</summary>
    public delegate void SparseRoom(int most, out Span<int> features, out Span<double> values);

    private sealed class OfSingles(DataViewRow row, DataViewSchema.Column column) : FeatureReader(row, column.Name)
    {
        private readonly ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        private VBuffer<float> buffer;

        public override double Read(Span<double> features)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, features.Length);
            var values = buffer.GetValues();
            if (buffer.IsDense)
                return Widen(values, features);
            features.Clear();
            var indices = buffer.GetIndices();
            double sum = 0;
            for (int i = 0; i < values.Length; i++)
            {
                features[indices[i]] = values[i];
                sum += values[i];
            }
            return sum;
        }

        public override (int Count, double Sum) ReadSparse(int featureCount, SparseRoom room)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, featureCount);
            return Compress(buffer, room);
        }
    }

    private sealed class OfDoubles(DataViewRow row, DataViewSchema.Column column) : FeatureReader(row, column.Name)
    {
        private readonly ValueGetter<VBuffer<double>> getter = row.GetGetter<VBuffer<double>>(column);
        private VBuffer<double> buffer;

        public override double Read(Span<double> features)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, features.Length);
            buffer.CopyTo(features);
            return TensorPrimitives.Sum(buffer.GetValues());
        }

        public override (int Count, double Sum) ReadSparse(int featureCount, SparseRoom room)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, featureCount);
            return Compress(buffer, room);
        }
    }
}
