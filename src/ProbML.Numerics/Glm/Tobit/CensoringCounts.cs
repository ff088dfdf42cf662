using System.Globalization;
using ProbML.Sharding;

namespace ProbML.Fitting;

/// <summary>The rows of positive weight at and between the limits, and the first row beyond them.</summary>
internal sealed class CensoringCounts(double lower, double upper) : IBlockSum<CensoringCounts>, IShardSum
{
    public const string Kind = "censoring-counts";

    private long badRow;
    private double badResponse;

    public long Below { get; private set; }

    public long Seen { get; private set; }

    public long Above { get; private set; }

    /// <summary>Counts the rows of a design.</summary>
    /// <exception cref="InvalidOperationException">A response is beyond a limit, or none is between them.</exception>
    public static CensoringCounts Of(Design design, double lower, double upper, TrainingMonitor monitor, int? threads)
    {
        var sum = design.Sum(() => new CensoringCounts(lower, upper), monitor, threads);
        string y = design.ResponseName;
        if (sum.badRow > 0)
        {
            bool isBelow = sum.badResponse < lower;
            throw new InvalidOperationException(
                $"Tobit responses must not be {(isBelow ? "below Lower" : "above Upper")}, "
                + $"{Text(isBelow ? lower : upper)}, but {design.DescribeRow(sum.badRow)} of '{y}' is {Text(sum.badResponse)}. "
                + "Censored rows are at the limit: set them to it, or move the limit.");
        }
        if (sum.Seen == 0 && sum.Below + sum.Above > 0)
            throw new InvalidOperationException(
                $"All {sum.Below + sum.Above} rows of '{y}' are at a limit: there is nothing to estimate sigma from. "
                + "Check the limits and the label column.");
        return sum;
    }

    public void Clear() => (Below, Seen, Above, badRow, badResponse) = (0, 0, 0, 0, 0);

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double y = rows.Response[i];
            if (badRow == 0 && (y < lower || y > upper))
                (badRow, badResponse) = (rows.RowNumber(i), y);
            if (rows.Weight(i) <= 0)
                continue;
            if (y <= lower)
                Below++;
            else if (y >= upper)
                Above++;
            else
                Seen++;
        }
    }

    public void Merge(CensoringCounts other)
    {
        if (badRow == 0)
            (badRow, badResponse) = (other.badRow, other.badResponse);
        Below += other.Below;
        Seen += other.Seen;
        Above += other.Above;
    }

    string IShardSum.Kind => Kind;

    public static Func<CensoringCounts> ReadQuestion(BinaryReader reader, int features)
    {
        double lower = reader.ReadDouble(), upper = reader.ReadDouble();
        return () => new(lower, upper);
    }

    public void WriteQuestion(BinaryWriter writer)
    {
        writer.Write(lower);
        writer.Write(upper);
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        foreach (long count in (long[])[Below, Seen, Above, badRow])
            writer.Write(count);
        writer.Write(badResponse);
    }

    public void ReadAnswer(BinaryReader reader) => (Below, Seen, Above, badRow, badResponse) =
        (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
