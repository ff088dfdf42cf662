using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ProbML;

/// <summary>A block's rows in the types that a graph reads them in; the memory is borrowed.</summary>
internal sealed class RowInputs : IDisposable
{
    private readonly List<OnnxBinding> bindings = [];
    private readonly List<float[]> singles = [];
    private readonly List<double[]> doubles = [];

    public ReadOnlySpan<OnnxBinding> Bindings => CollectionsMarshal.AsSpan(bindings);

    /// <summary>Adds numbers, or where there are none so many times another number.</summary>
    public void Add(string name, ReadOnlySpan<double> values, int count, float otherwise, bool asDoubles = false)
    {
        if (asDoubles)
        {
            var array = ArrayPool<double>.Shared.Rent(Math.Max(1, count));
            doubles.Add(array);
            values.CopyTo(array);
            bindings.Add(OnnxBinding.Of(name, array.AsMemory(0, count)));
            return;
        }
        var rounded = ArrayPool<float>.Shared.Rent(Math.Max(1, count));
        singles.Add(rounded);
        if (values.IsEmpty)
            rounded.AsSpan(0, count).Fill(otherwise);
        else
            TensorPrimitives.ConvertTruncating(values, rounded.AsSpan(0, count));
        bindings.Add(OnnxBinding.Of(name, rounded.AsMemory(0, count)));
    }

    public void Dispose()
    {
        foreach (var array in singles)
            ArrayPool<float>.Shared.Return(array);
        foreach (var array in doubles)
            ArrayPool<double>.Shared.Return(array);
    }
}
