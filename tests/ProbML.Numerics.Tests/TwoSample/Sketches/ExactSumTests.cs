using System.Numerics;
using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample.Sketches;

public sealed class ExactSumTests
{
    /// <summary>Over all magnitudes, signs, subnormal numbers and the largest: the sums of whole numbers of units.</summary>
    [Fact]
    public void Sums_and_squares_are_exact()
    {
        var random = new Random(1);
        var sum = new ExactSum();
        BigInteger numbers = 0, squares = 0;
        double[] values =
        [
            0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.MaxValue, 1, -1, 2.2250738585072014e-308, 2.2250738585072009e-308,
            .. Enumerable.Range(0, 5000).Select(_ => Any(random)),
        ];
        foreach (double value in values)
        {
            sum.Add(value);
            var whole = Whole(value);
            numbers += whole;
            squares += whole * whole;
        }
        Assert.Equal(numbers, sum.Numbers());
        Assert.Equal(squares, sum.Squares());
        Assert.Equal(numbers, sum.Numbers());
    }

    /// <summary>A quotient of whole numbers is rounded once: what decimal arithmetic of sixty digits says.</summary>
    [Fact]
    public void A_mean_is_rounded_once()
    {
        var random = new Random(2);
        for (int k = 0; k < 500; k++)
        {
            double[] values = [.. Enumerable.Range(0, 1 + random.Next(9)).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-30, 30)))];
            var counter = new NumberCounter();
            foreach (double value in values)
                counter.Add(value);
            double mean = counter.Tally().Summary().Mean;
            // Neither neighbour is nearer: |n·mean − Σx| ≤ |n·neighbour − Σx|.
            var total = values.Aggregate(BigInteger.Zero, (sum, value) => sum + Whole(value));
            var off = BigInteger.Abs(values.Length * Whole(mean) - total);
            Assert.True(off <= BigInteger.Abs(values.Length * Whole(Math.BitIncrement(mean)) - total));
            Assert.True(off <= BigInteger.Abs(values.Length * Whole(Math.BitDecrement(mean)) - total));
        }
    }

    /// <summary>R 4.2: mean and var of 1e9 + c(4, 7, 13, 16); naive sums of squares lose every digit of the variance at 1e9.</summary>
    [Fact]
    public void A_variance_far_from_zero_keeps_its_digits()
    {
        var counter = new NumberCounter();
        foreach (double value in new[] { 1e15 + 4, 1e15 + 7, double.NaN, 1e15 + 13, 1e15 + 16, double.PositiveInfinity })
            counter.Add(value);
        Assert.Equal(new NumberSummary(4, 2, 1e15 + 4, 1e15 + 16, 1e15 + 10, 30), counter.Tally().Summary());
        Assert.Equal(new NumberSummary(0, 0, double.NaN, double.NaN, double.NaN, double.NaN), NumberTally.Empty.Summary());
        var large = new NumberCounter();
        large.Add(double.MaxValue);
        large.Add(double.MaxValue);
        Assert.Equal(double.MaxValue, large.Tally().Summary().Mean);
        Assert.Equal(0, large.Tally().Summary().Variance);
    }

    private static double Any(Random random)
    {
        double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(value) ? value : 1;
    }

    private static BigInteger Whole(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & ((1L << 52) - 1);
        int exponent = (int)(bits >> 52) & 0x7FF;
        var size = exponent == 0 ? mantissa : (BigInteger)(mantissa | 1L << 52) << (exponent - 1);
        return bits < 0 ? -size : size;
    }
}
