using System.Numerics;

namespace ProbML.TwoSample;

/// <summary>Σ x or Σ x² of finite doubles without any rounding: a fixed-point number that is wide enough for all of them.</summary>
/// <remarks>
/// Kulisch's long accumulator, in chunks of 32 bits whose carries wait: Kulisch &amp; Snyder (2011); Neal (2015), Fast exact summation using
/// small and large superaccumulators, §2. So the sum of a union is the sum of the sums, whatever the order and tree.
/// </remarks>
internal sealed class ExactSum
{
    /// <summary>Numbers are whole multiples of 2 to this power, and squares of 2 to twice this power.</summary>
    public const int Unit = -1074;

    private const int NumberChunks = 70, SquareChunks = 136, MostWaiting = 1 << 28;
    private const ulong Fraction = (1UL << 52) - 1, Low = uint.MaxValue;
    private readonly long[] numbers = new long[NumberChunks], squares = new long[SquareChunks];
    private int waiting;

    /// <summary>Takes a finite number in.</summary>
    public void Add(double value)
    {
        if (++waiting == MostWaiting)
            Carry();
        ulong bits = BitConverter.DoubleToUInt64Bits(value), mantissa = bits & Fraction;
        int exponent = (int)(bits >> 52) & 0x7FF;
        if (exponent > 0)
        {
            mantissa |= Fraction + 1;
            exponent--;
        }
        long sign = (long)bits >> 63;                                    // 0 or −1
        var shifted = (UInt128)mantissa << (exponent & 31);
        var places = numbers.AsSpan(exponent >> 5, 3);
        for (int i = 0; i < places.Length; i++, shifted >>= 32)
            places[i] += ((long)((ulong)shifted & Low) ^ sign) - sign;
        exponent *= 2;
        var square = (UInt128)mantissa * mantissa;
        int shift = exponent & 31;
        ulong below = (ulong)square & Low;                               // 106 bits and a shift of 31 are more than 128
        var above = ((square >> 32) << shift) + ((below << shift) >> 32);
        places = squares.AsSpan(exponent >> 5, 5);
        places[0] += (long)((below << shift) & Low);
        for (int i = 1; i < places.Length; i++, above >>= 32)
            places[i] += (long)((ulong)above & Low);
    }

    /// <summary>Σ x / 2^<see cref="Unit"/>.</summary>
    public BigInteger Numbers()
    {
        Carry();
        return Value(numbers);
    }

    /// <summary>Σ x² / 4^<see cref="Unit"/>.</summary>
    public BigInteger Squares()
    {
        Carry();
        return Value(squares);
    }

    /// <summary>numerator · 2^exponent / denominator, rounded once.</summary>
    public static double Ratio(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero)
            return 0;
        var size = BigInteger.Abs(numerator);
        int shift = 62 - (int)(size.GetBitLength() - denominator.GetBitLength());
        var quotient = shift >= 0
            ? BigInteger.DivRem(size << shift, denominator, out var rest)
            : BigInteger.DivRem(size, denominator << -shift, out rest);
        long digits = (long)quotient | (rest.IsZero ? 0L : 1L);          // what is cut off says which way to round
        return Math.ScaleB(numerator.Sign * (double)digits, exponent - shift);
    }

    private static BigInteger Value(long[] chunks)
    {
        var bytes = new byte[4 * (chunks.Length - 1)];
        for (int i = 0; i < chunks.Length - 1; i++)
            BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), (uint)chunks[i]);
        return new BigInteger(bytes, isUnsigned: true) + ((BigInteger)chunks[^1] << (8 * bytes.Length));
    }

    private void Carry()
    {
        waiting = 0;
        foreach (long[] chunks in (long[][])[numbers, squares])
        {
            long carry = 0;
            for (int i = 0; i < chunks.Length - 1; i++)
            {
                long sum = chunks[i] + carry;
                (chunks[i], carry) = (sum & (long)Low, sum >> 32);
            }
            chunks[^1] += carry;
        }
    }
}
