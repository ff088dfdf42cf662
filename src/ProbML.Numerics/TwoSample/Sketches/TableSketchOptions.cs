namespace ProbML.TwoSample;

/// <summary>What a sketch keeps of a table. Sketches that are to be merged must have the same.</summary>
public sealed record TableSketchOptions
{
    /// <summary>The rows drawn, k; of fewer rows all are kept.</summary>
    public int SampleRows { get; init; } = 10_000;

    /// <summary>The levels of a column that are counted; of a column with more, none is, and it is compared by the rows drawn.</summary>
    public int MaximumLevels { get; init; } = 10_000;

    /// <summary>Draws rows.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        GlmOptions.Check(SampleRows is >= 10 and <= 10_000_000, nameof(SampleRows), SampleRows, "must lie between 10 and 10,000,000");
        GlmOptions.Check(MaximumLevels is >= 1 and <= 10_000_000, nameof(MaximumLevels), MaximumLevels, "must lie between 1 and 10,000,000");
    }
}
