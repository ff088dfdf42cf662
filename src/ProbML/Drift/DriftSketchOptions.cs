using ProbML.TwoSample;

namespace ProbML;

/// <summary>What a sketch of a data view keeps.</summary>
public sealed record DriftSketchOptions
{
    /// <summary>The columns to sketch; null: all that are numbers, Booleans, text, keys or vectors of numbers.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns to leave out, such as identifiers and times.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Rows drawn, levels counted, seed. Sketches that are to be merged must have the same.</summary>
    public TableSketchOptions Sketch { get; init; } = new();

    /// <summary>The number of the first row, where the rows are a part of their source: one-based.</summary>
    public long FirstRow { get; init; } = 1;

    internal void Validate()
    {
        GlmOptions.Check(Columns is not { Count: 0 }, nameof(Columns), "none", "must name a column");
        GlmOptions.Check(FirstRow >= 1, nameof(FirstRow), FirstRow, "must be 1 or more");
        Sketch.Validate();
    }
}
