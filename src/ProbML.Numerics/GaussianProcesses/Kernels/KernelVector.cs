using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ProbML.GaussianProcesses;

/// <summary>Numbers that compare by value: lengthscales, or the features that a kernel looks at.</summary>
/// <typeparam name="T">Double or Int32.</typeparam>
[CollectionBuilder(typeof(KernelVector), nameof(KernelVector.Create))]
public sealed class KernelVector<T> : IReadOnlyList<T>, IEquatable<KernelVector<T>>
    where T : struct, IEquatable<T>, IFormattable
{
    private readonly T[] values;

    internal KernelVector(T[] values) => this.values = values;

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <inheritdoc/>
    public T this[int index] => values[index];

    /// <inheritdoc/>
    public bool Equals(KernelVector<T>? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelVector<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in values)
            hash.Add(value);
        return hash.ToHashCode();
    }

    /// <summary>One number as it is, several in brackets.</summary>
    public override string ToString()
    {
        var texts = values.Select(value => value.ToString(null, CultureInfo.InvariantCulture));
        return values.Length == 1 ? texts.Single() : $"[{string.Join(", ", texts)}]";
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes vectors that compare by value.</summary>
public static class KernelVector
{
    /// <summary>Copies the numbers.</summary>
    public static KernelVector<T> Create<T>(ReadOnlySpan<T> values)
        where T : struct, IEquatable<T>, IFormattable => new(values.ToArray());
}
