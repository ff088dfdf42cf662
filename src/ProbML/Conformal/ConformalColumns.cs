namespace ProbML;

/// <summary>The columns that conformal prediction reads, and those that it adds.</summary>
/// <param name="Method">An <see cref="IntervalMethod"/> or a <see cref="ClassSetMethod"/>, as its number.</param>
/// <param name="Score">The predicted mean; the probability of "true"; the probabilities of the classes.</param>
/// <param name="Scale">The standard deviation, for <see cref="IntervalMethod.ScaledError"/>.</param>
/// <param name="Lower">The model's lower bound, for <see cref="IntervalMethod.IntervalDistance"/>.</param>
/// <param name="Upper">The model's upper bound.</param>
/// <param name="Group">The groups; null: there are none.</param>
/// <param name="Weight">The density ratio of new rows to those that calibrate; null: they are alike.</param>
internal sealed record ConformalColumns(
    int Method, string Score, string? Scale = null, string? Lower = null, string? Upper = null, string? Group = null,
    string? Weight = null)
{
    public const string PredictionSet = "PredictionSet", PredictionSetSize = "PredictionSetSize";

    public bool IsInterval => Method <= (int)IntervalMethod.IntervalDistance;

    /// <summary>Each column read for the prediction, with its role in messages.</summary>
    public IEnumerable<(string Role, string Name)> Numbers =>
        new (string Role, string? Name)[] { ("scale", Scale), ("lower bound", Lower), ("upper bound", Upper) }
            .Where(column => column.Name is not null)
            .Select(column => (column.Role, column.Name!));
}
