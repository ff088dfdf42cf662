namespace ProbML.TwoSample;

/// <summary>The levels of a column of two sketches, side by side.</summary>
/// <param name="Levels">Those of either, in ordinal order, the reference's first.</param>
/// <param name="Reference">How often each occurs, and last how often none does; of the rows drawn where <paramref name="AreOfAllRows"/> is not so.</param>
/// <param name="Current">The same of the current rows.</param>
/// <param name="AreOfAllRows">Whether both sketches counted them.</param>
internal sealed record SketchCounts(string[] Levels, double[] Reference, double[] Current, bool AreOfAllRows)
{
    public static SketchCounts Of(string column, TableSketch reference, TableSketch current)
    {
        LevelSummary before = reference.Levels(column), now = current.Levels(column);
        bool areOfAllRows = before.Counts is not null && now.Counts is not null;
        if (!areOfAllRows)
            (before, now) = (Drawn(reference.SampledLevels(column)), Drawn(current.SampledLevels(column)));
        string[] levels = [.. before.Counts!.Keys.Order(StringComparer.Ordinal).Union(now.Counts!.Keys.Order(StringComparer.Ordinal))];
        return new(levels, Of(levels, before), Of(levels, now), areOfAllRows);
    }

    public static TwoSampleTestResult Test(string column, TableSketch reference, TableSketch current)
    {
        var counts = Of(column, reference, current);
        return ChiSquareTest.Test(counts.Reference, counts.Current);
    }

    private static double[] Of(string[] levels, LevelSummary summary) =>
        [.. levels.Select(level => (double)summary.Counts!.GetValueOrDefault(level)), summary.Missing];

    private static LevelSummary Drawn(string?[] levels)
    {
        var present = levels.OfType<string>().CountBy(level => level, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => (long)one.Value, StringComparer.Ordinal);
        long count = present.Values.Sum();
        return new(count, levels.Length - count, present);
    }
}
