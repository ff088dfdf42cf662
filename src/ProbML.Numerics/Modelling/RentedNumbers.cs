using System.Buffers;

namespace ProbML;

/// <summary>Numbers from the shared pool, handed out as spans of zeros and given back together.</summary>
/// <param name="count">How many there are.</param>
internal sealed class RentedNumbers(int count) : IDisposable
{
    private readonly double[] rented = ArrayPool<double>.Shared.Rent(count);
    private int used;

    /// <summary>The next so many, all zero.</summary>
    public Span<double> Take(int length)
    {
        var span = rented.AsSpan(used, length);
        used += length;
        span.Clear();
        return span;
    }

    public void Dispose() => ArrayPool<double>.Shared.Return(rented);
}
