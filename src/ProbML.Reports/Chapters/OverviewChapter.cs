using ProbML.Reports.Html;

namespace ProbML.Reports.Chapters;

/// <summary>What the model is, and what to beware of.</summary>
internal sealed class OverviewChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        var (pipeline, known) = (subject.Pipeline, subject.Pipeline.Known);
        string kind = KindOf(subject);
        var facts = new List<(string, string)> { ("model", kind) };
        if (known?.Response is { Length: > 0 } response)
            facts.Add(("predicts", response));
        if (pipeline.FeatureColumn is { } features)
            facts.Add(("from", known?.FeatureNames.Count > 0 ? $"{features}, {Text.Count(known.FeatureNames.Count)} features" : features));
        facts.AddRange(known?.Facts ?? []);
        if (pipeline.Level is { } level)
            facts.Add(("level of intervals", Text.Percent(level)));
        if (pipeline.Steps.Count > 1)
            facts.Add(("steps", string.Join(", ", pipeline.Steps.Select(Step))));
        string text = known is { Converged: false }
            ? "The fit has not converged: look at its status before anything below is believed."
            : "What was fitted, and what the fit says of itself.";
        if (subject.Rows is { } rows)
            text += $"\n\nJudged by {Text.Count(rows.Count)} rows of data. If the model was fitted to these rows, it looks better than it is: judge it by others.";
        yield return new(
            "Model", text, [new("The fit", ["", "value"], facts.Select(fact => (IReadOnlyList<string>)[fact.Item1, fact.Item2]))]);
    }

    public static string KindOf(ReportSubject subject) => subject.Pipeline.Known?.Kind
        ?? (subject.Pipeline.Model is { } model ? Name(model.GetType()) : "Density ratio");

    private static string Step(Microsoft.ML.ITransformer step) => Name(step.GetType());

    private static string Name(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]} of {string.Join(", ", type.GetGenericArguments().Select(Name))}" : type.Name;
}
