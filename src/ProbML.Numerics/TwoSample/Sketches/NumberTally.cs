using System.Numerics;

namespace ProbML.TwoSample;

/// <summary>What the numbers of a column are, over all its rows.</summary>
/// <param name="Count">The finite ones.</param>
/// <param name="Missing">The others.</param>
/// <param name="Minimum">The least; NaN where there is none.</param>
/// <param name="Maximum">The largest; NaN where there is none.</param>
/// <param name="Mean">Σ x / n, rounded once; NaN where there is none.</param>
/// <param name="Variance">Σ (x − mean)² / (n − 1), rounded once; NaN below two.</param>
public sealed record NumberSummary(long Count, long Missing, double Minimum, double Maximum, double Mean, double Variance);

/// <summary>The same as sums that add up exactly.</summary>
/// <param name="Count">The finite ones.</param>
/// <param name="Missing">The others.</param>
/// <param name="Minimum">The least; ∞ where there is none.</param>
/// <param name="Maximum">The largest; −∞ where there is none.</param>
/// <param name="Sum">Σ x / 2^<see cref="ExactSum.Unit"/>.</param>
/// <param name="Squares">Σ x² / 4^<see cref="ExactSum.Unit"/>.</param>
internal sealed record NumberTally(long Count, long Missing, double Minimum, double Maximum, BigInteger Sum, BigInteger Squares)
{
    public static NumberTally Empty { get; } = new(0, 0, double.PositiveInfinity, double.NegativeInfinity, 0, 0);

    public NumberTally Merge(NumberTally other) => new(
        Count + other.Count,
        Missing + other.Missing,
        Math.Min(Minimum, other.Minimum),
        Math.Max(Maximum, other.Maximum),
        Sum + other.Sum,
        Squares + other.Squares);

    public NumberSummary Summary() => new(
        Count,
        Missing,
        Count > 0 ? Minimum : double.NaN,
        Count > 0 ? Maximum : double.NaN,
        Count > 0 ? ExactSum.Ratio(Sum, Count, ExactSum.Unit) : double.NaN,
        Count > 1 ? ExactSum.Ratio(Count * Squares - Sum * Sum, (BigInteger)Count * (Count - 1), 2 * ExactSum.Unit) : double.NaN);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Missing);
        writer.Write(Minimum);
        writer.Write(Maximum);
        Write(writer, Sum);
        Write(writer, Squares);
    }

    public static NumberTally Read(BinaryReader reader)
    {
        NumberTally tally = new(
            reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), ReadInteger(reader), ReadInteger(reader));
        return tally.Count >= 0 && tally.Missing >= 0 && tally.Squares >= 0
            ? tally
            : throw new FormatException("The sketch has a negative count: it is damaged.");
    }

    private static void Write(BinaryWriter writer, BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        int zeros = 0;                                     // of a number's units most are far below its last digit
        while (zeros < bytes.Length - 1 && bytes[zeros] == 0)
            zeros++;
        writer.Write7BitEncodedInt(zeros);
        writer.Write7BitEncodedInt(bytes.Length - zeros);
        writer.Write(bytes.AsSpan(zeros));
    }

    private static BigInteger ReadInteger(BinaryReader reader)
    {
        int zeros = reader.Read7BitEncodedInt(), length = reader.Read7BitEncodedInt();
        if (zeros is < 0 or > 1000 || length is < 1 or > 1000)
            throw new FormatException("The sketch has a sum of an impossible size: it is damaged.");
        return new BigInteger(reader.ReadBytes(length)) << (8 * zeros);
    }
}

/// <summary>Gathers a <see cref="NumberTally"/>.</summary>
internal sealed class NumberCounter
{
    private readonly ExactSum sum = new();
    private long count, missing;
    private double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;

    /// <summary>Takes a value in, and says what it counts as: the number, or NaN.</summary>
    public double Add(double value)
    {
        if (!double.IsFinite(value))
        {
            missing++;
            return double.NaN;
        }
        value += 0.0;                                      // −0 is 0
        count++;
        minimum = Math.Min(minimum, value);
        maximum = Math.Max(maximum, value);
        sum.Add(value);
        return value;
    }

    public NumberTally Tally() => new(count, missing, minimum, maximum, sum.Numbers(), sum.Squares());
}
