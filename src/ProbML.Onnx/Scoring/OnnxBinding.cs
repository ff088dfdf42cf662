using Microsoft.ML.OnnxRuntime;

namespace ProbML;

/// <summary>Memory given to one run of a graph: the rows of an input, or room for those of an output.</summary>
public readonly record struct OnnxBinding
{
    private OnnxBinding(string name, Func<int, IReadOnlyList<long>, OrtValue> open) => (Name, Open) = (name, open);

    /// <summary>The input or output it is for.</summary>
    public string Name { get; }

    internal Func<int, IReadOnlyList<long>, OrtValue> Open { get; }

    /// <summary>Numbers, [n, width], row-major: exactly as many as the rows take.</summary>
    public static OnnxBinding Of(string name, Memory<float> values) => Over(name, values);

    /// <summary>Numbers of Double, [n, width], row-major.</summary>
    public static OnnxBinding Of(string name, Memory<double> values) => Over(name, values);

    /// <summary>Whole numbers, [n, width], row-major.</summary>
    public static OnnxBinding Of(string name, Memory<long> values) => Over(name, values);

    private static OnnxBinding Over<T>(string name, Memory<T> values)
        where T : unmanaged => new(name, (rows, shape) =>
        {
            long[] sizes = [.. shape];
            if (sizes.Length > 0 && sizes[0] < 0)
                sizes[0] = rows;
            for (int i = 1; i < sizes.Length; i++)
                sizes[i] = sizes[i] < 0 ? 1 : sizes[i];
            long count = sizes.Aggregate(1L, (product, size) => product * size);
            return count == values.Length
                ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, sizes)
                : throw new ArgumentException(
                    $"{values.Length} numbers were given for '{name}'; {rows} rows of it take {count}.");
        });
}
