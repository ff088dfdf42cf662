using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>A fitted model and how good it is.</summary>
/// <param name="Context">Its ML.NET context.</param>
/// <param name="Model">The fitted pipeline.</param>
/// <param name="InputSchema">The columns it takes.</param>
/// <param name="Scores">What it reached on rows it had not seen.</param>
/// <param name="Skipped">Held-out rows that it could not predict.</param>
/// <param name="Summary">What it prints of itself; null: nothing.</param>
/// <param name="Warnings">What its fit warned of.</param>
internal sealed record ModelResult(
    MLContext Context,
    ITransformer Model,
    DataViewSchema InputSchema,
    IReadOnlyList<ScoreValue> Scores,
    long Skipped,
    string? Summary,
    IReadOnlyList<string> Warnings);

/// <summary>A score of a model.</summary>
/// <param name="Kind">Which score.</param>
/// <param name="Value">Its value; NaN: the model has none.</param>
/// <param name="StandardError">The standard error of a mean over rows; NaN: not known.</param>
internal sealed record ScoreValue(ScoreKind Kind, double Value, double StandardError = double.NaN)
{
    public string Text => double.IsNaN(Value) ? "–" : Kind.IsShare ? Show.Percent(Value) : Show.Number(Value);

    public string? ErrorText => double.IsNaN(Value) || double.IsNaN(StandardError) ? null
        : "± " + (Kind.IsShare ? Show.Percent(StandardError) : Show.Error(StandardError, Value));
}

/// <summary>A kind of score.</summary>
/// <param name="Key">What links call it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Hint">What it says.</param>
/// <param name="Better">1: more is better; −1: less is; 0: neither.</param>
/// <param name="IsShare">Whether it is shown in percent.</param>
internal sealed record ScoreKind(string Key, string Name, string Hint, int Better, bool IsShare = false);
