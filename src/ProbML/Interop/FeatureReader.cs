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
    public static FeatureReader Create(DataViewRow row, DataViewSchema.Column column) =>
        ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Single
            ? new OfSingles(row, column)
            : new OfDoubles(row, column);

    /// <summary>Copies the features of the row under the cursor.</summary>
    public abstract void Read(Span<double> features);

    /// <summary>Whether none is infinite or NaN: a sum of numbers is finite only if each of them is.</summary>
    public static bool AreFinite(ReadOnlySpan<double> features) =>
        double.IsFinite(TensorPrimitives.Sum(features)) || EachIsFinite(features);

    private static bool EachIsFinite(ReadOnlySpan<double> features)
    {
        foreach (double value in features)
            if (!double.IsFinite(value))
                return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        ref float source = ref MemoryMarshal.GetReference(from);
        ref double target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)i), out var low, out var high);
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)(i + Vector<double>.Count));
        }
        for (; i < from.Length; i++)
            to[i] = from[i];
    }

    private void CheckLength(int found, int expected)
    {
        if (found != expected)
            throw new InvalidOperationException(
                $"Row {row.Position + 1} of '{name}' has {found} values where {expected} are declared. "
                + "Give every row a vector of the declared size.");
    }

    private sealed class OfSingles(DataViewRow row, DataViewSchema.Column column) : FeatureReader(row, column.Name)
    {
        private readonly ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        private VBuffer<float> buffer;

        public override void Read(Span<double> features)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, features.Length);
            var values = buffer.GetValues();
            if (buffer.IsDense)
            {
                Widen(values, features);
                return;
            }
            features.Clear();
            var indices = buffer.GetIndices();
            for (int i = 0; i < values.Length; i++)
                features[indices[i]] = values[i];
        }
    }

    private sealed class OfDoubles(DataViewRow row, DataViewSchema.Column column) : FeatureReader(row, column.Name)
    {
        private readonly ValueGetter<VBuffer<double>> getter = row.GetGetter<VBuffer<double>>(column);
        private VBuffer<double> buffer;

        public override void Read(Span<double> features)
        {
            getter(ref buffer);
            CheckLength(buffer.Length, features.Length);
            buffer.CopyTo(features);
        }
    }
}
