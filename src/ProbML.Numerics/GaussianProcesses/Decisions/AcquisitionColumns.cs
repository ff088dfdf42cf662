namespace ProbML.GaussianProcesses;

/// <summary>Columns that say what an evaluation at each row promises, next to a regression's own.</summary>
/// <remarks>Of f, the function without noise: f(x) ~ N(μ, s²), offset included.</remarks>
public sealed record AcquisitionColumns
{
    /// <summary>What is computed, a column each: <see cref="Acquisition.ColumnName"/>.</summary>
    public IReadOnlyList<Acquisition> Columns { get; init; } = [Acquisition.ExpectedImprovement()];

    /// <summary>Whether large responses are looked for; else small ones.</summary>
    public bool Maximise { get; init; }

    /// <summary>
    /// The best value so far, in the response's unit; null: the best posterior mean of f at a row that the process was fitted to, so that
    /// noise does not pass for a find.
    /// </summary>
    public double? Best { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">There are none, one twice, or the best value is not finite.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Columns);
        string columns = string.Join(", ", Columns);
        GlmOptions.Check(Columns.Count > 0, nameof(Columns), columns, "must name one acquisition or more");
        GlmOptions.Check(
            Columns.Select(one => one.ColumnName).Distinct().Count() == Columns.Count, nameof(Columns), columns,
            "must be of different kinds: each fills the column of its kind");
        GlmOptions.Check(Best is null || double.IsFinite(Best.Value), nameof(Best), Best, "must be finite");
    }
}
