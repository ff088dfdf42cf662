namespace ProbML;

/// <summary>A column that a model gives.</summary>
/// <param name="Name">Its name: one of <see cref="ColumnNames"/> where the meaning is the same.</param>
/// <param name="Size">
/// The length of its vectors; 0: a single number; of a fitter, which does not know the features yet, <see cref="PerFeature"/>.
/// </param>
/// <param name="IsNormalized">Whether its values lie between 0 and 1.</param>
public sealed record OutputColumn(string Name, int Size = 0, bool IsNormalized = false)
{
    /// <summary>What a fitter announces for a vector as long as the features; the fitted model says how long.</summary>
    public const int PerFeature = -1;

    /// <summary>The column with the size that it has for so many features.</summary>
    internal OutputColumn For(int features) => Size == PerFeature ? this with { Size = features } : this;

    /// <summary>How many numbers it takes in a row of outputs.</summary>
    public int Width => Math.Max(1, Size);
}

/// <summary>Where a model puts its columns: [n, k] numbers, row-major, k the columns' widths added up.</summary>
/// <param name="values">[n, k].</param>
/// <param name="width">k.</param>
/// <param name="active">One flag a column: whether anyone will read it; empty: all are wanted.</param>
public readonly ref struct OutputBlock(Span<float> values, int width, ReadOnlySpan<bool> active = default)
{
    private readonly ReadOnlySpan<bool> active = active;

    /// <summary>[n, k], row-major.</summary>
    public Span<float> Values { get; } = values;

    /// <summary>The numbers in a row, k.</summary>
    public int Width { get; } = width;

    /// <summary>The numbers of one row, [k].</summary>
    public Span<float> Row(int index) => Values.Slice(index * Width, Width);

    /// <summary>Whether anyone will read a column: what is not wanted need not be computed.</summary>
    public bool Wants(int column) => active.IsEmpty || active[column];

    /// <summary>Whether anyone will read a column other than this one.</summary>
    public bool WantsMoreThan(int column)
    {
        if (active.IsEmpty)
            return true;
        for (int k = 0; k < active.Length; k++)
        {
            if (active[k] && k != column)
                return true;
        }
        return false;
    }
}
