using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Copies numbers into contiguous tensors in memory, rounding where they are 32-bit.</summary>
internal static class NumberCopy
{
    public static void To(Tensor target, ReadOnlySpan<double> numbers)
    {
        if (target.dtype == ScalarType.Float64)
        {
            numbers.CopyTo(MemoryMarshal.Cast<byte, double>(target.bytes));
            return;
        }
        var singles = MemoryMarshal.Cast<byte, float>(target.bytes)[..numbers.Length];
        for (int i = 0; i < singles.Length; i++)
            singles[i] = (float)numbers[i];
    }
}
