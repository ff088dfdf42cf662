namespace ProbML.Studio;

/// <summary>Rows to learn from and rows to judge by.</summary>
/// <param name="Training">Rows that models see.</param>
/// <param name="HeldOut">Rows that they do not.</param>
internal sealed record RowSplit(int[] Training, int[] HeldOut)
{
    private const int Seed = 20260101;

    /// <summary>Splits at random, class by class; a level's only rows are for training, or nothing could be said of it.</summary>
    /// <remarks>Rows without a target, or without an exposure above zero, are in neither.</remarks>
    /// <exception cref="BadFileException">Too few rows are left.</exception>
    public static RowSplit Of(Setup setup)
    {
        var target = setup.Target;
        int[] usable =
        [
            .. Enumerable.Range(0, setup.Table.Rows)
                .Where(row => (target is null || !target.IsMissing(row)) && (setup.Exposure is null || !setup.Exposure.IsMissing(row))),
        ];
        if (usable.Length < 20)
        {
            throw new BadFileException(
                $"Only {usable.Length:N0} rows have a value in '{target?.Name ?? "the columns used"}'; at least 20 are needed.");
        }
        var random = new Random(Seed);
        bool[] held = new bool[setup.Table.Rows];
        foreach (var stratum in usable.GroupBy(row => target?.Codes?[row] ?? 0))
        {
            int[] rows = [.. stratum];
            random.Shuffle(rows);
            foreach (int row in rows.AsSpan(0, (int)Math.Round(rows.Length * setup.HeldOut)))
                held[row] = true;
        }
        foreach (var feature in setup.Features.Where(feature => feature.Codes is not null))
        {
            bool[] seen = new bool[feature.Levels.Count];
            foreach (int row in usable.Where(row => !held[row] && feature.Codes![row] >= 0))
                seen[feature.Codes![row]] = true;
            foreach (int row in usable.Where(row => held[row] && feature.Codes![row] is >= 0 and var code && !seen[code]))
            {
                held[row] = false;
                seen[feature.Codes![row]] = true;
            }
        }
        RowSplit split = new([.. usable.Where(row => !held[row])], [.. usable.Where(row => held[row])]);
        if (split.HeldOut.Length < 5)
            throw new BadFileException("Fewer than 5 rows are left to judge models by. Hold out more, or use fewer categories.");
        return split;
    }
}
