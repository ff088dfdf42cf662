using ProbML.DensityRatios;

namespace ProbML.TwoSample;

/// <summary>Rows that a sketch is of: so many of a source, from one on.</summary>
/// <param name="Name">What the source is called, such as a file.</param>
/// <param name="FirstRow">The number of the first row, one-based.</param>
/// <param name="Rows">How many there are.</param>
public sealed record SketchSource(string Name, long FirstRow, long Rows);

/// <summary>The same with a sum of hashes of what the rows hold, in any order.</summary>
internal sealed record SourceRows(string Name, long FirstRow, long Rows, ulong Low, ulong High)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private long End => FirstRow + Rows;

    /// <summary>What two rows' order in the sample rests on: a random number of the row's own, whatever it holds.</summary>
    /// <remarks>The row's place in the SplitMix64 sequence (Steele, Lea &amp; Flood 2014) that starts from the source's name and the seed.</remarks>
    public static ulong Priority(ulong start, long row) => RowDealer.Mix(unchecked(start + (ulong)row * Step));

    /// <summary>A hash of a text, the same in every process.</summary>
    public static ulong Hash(ReadOnlySpan<char> text, int seed)
    {
        ulong hash = RowDealer.Mix(unchecked((ulong)seed * Step + (ulong)text.Length + 1));
        foreach (char c in text)
            hash = RowDealer.Mix(hash ^ c);
        return hash;
    }

    /// <summary>The rows of both, ordered by name and number; ranges that touch are one.</summary>
    /// <exception cref="ArgumentException">Rows are in both, or (unless allowed) what they hold is.</exception>
    public static SourceRows[] Merge(IReadOnlyList<SourceRows> one, IReadOnlyList<SourceRows> other, bool allowDuplicates)
    {
        var known = one.ToLookup(rows => (rows.Rows, rows.Low, rows.High));
        foreach (var rows in allowDuplicates ? [] : other)
            if (known[(rows.Rows, rows.Low, rows.High)].FirstOrDefault(same => same.Name != rows.Name || same.FirstRow != rows.FirstRow) is { } twin)
                throw new ArgumentException(
                    $"{twin.Describe()} and {rows.Describe()} hold the same {rows.Rows} rows, which would count twice. Leave one out, or allow duplicates if "
                    + "that is how it is.");
        var merged = new List<SourceRows>();
        foreach (var next in one.Concat(other).OrderBy(rows => rows.Name, StringComparer.Ordinal).ThenBy(rows => rows.FirstRow))
        {
            if (merged.Count == 0 || merged[^1] is not { } last || last.Name != next.Name || last.End < next.FirstRow)
                merged.Add(next);
            else if (last.End == next.FirstRow)
                merged[^1] = last with
                {
                    Rows = last.Rows + next.Rows, Low = unchecked(last.Low + next.Low), High = unchecked(last.High + next.High),
                };
            else
                throw new ArgumentException(
                    $"Rows {next.FirstRow} to {Math.Min(last.End, next.End) - 1} of '{next.Name}' are in both sketches and would count twice. Give each "
                    + "source a name of its own, or its parts the numbers of their first rows.");
        }
        return [.. merged];
    }

    private string Describe() => FirstRow == 1 ? $"'{Name}'" : $"'{Name}' from row {FirstRow} on";
}
