using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;

namespace ProbML.Reports.Chapters;

/// <summary>Coefficients as a forest and a table.</summary>
internal sealed class CoefficientChapter : IChapter
{
    private const int MostRows = 500;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Pipeline.Known is not { Coefficients.Count: > 0 } model)
            yield break;
        int most = subject.Options.MaximumDrawn;
        string interval = $"{Text.Percent(model.Level ?? 0.95)} interval";
        bool isIntercept(Coefficient c) => c.Name == BayesianCoefficient.Intercept;
        Coefficient[] drawable = [.. model.Coefficients.Where(c => c.IsDrawn && !isIntercept(c))];
        Coefficient[] drawn = Strongest(drawable, most), listed = Strongest([.. model.Coefficients], MostRows);
        string text = model.IsBayesian
            ? $"The posterior of each coefficient on the scale of the linear predictor: its mean and its central {interval}."
            : $"Each coefficient on the scale of the linear predictor, and its {interval}.";
        string cut = drawn.Length < drawable.Length
            ? $" The {drawn.Length} of {drawable.Length} that lie furthest from zero, in their own {(model.IsBayesian ? "standard deviations" : "standard errors")}, are drawn."
            : "";
        var plots = drawn.Length == 0 ? [] : new[]
        {
            ForestPlot.Of(
                "coefficients", "Coefficients", $"coefficient, {interval}",
                $"{Count(drawn.Length, "coefficient")} with {interval}s; blue: the interval leaves out zero, as {Count(drawn.Count(c => c.Lower > 0 || c.Upper < 0), "of them does", "of them do")}.{cut} The intercept is in the table alone.",
                drawn),
        };
        yield return new("Coefficients", text + cut, [Table(model, listed, interval)], plots);
    }

    /// <summary>Those that lie furthest from zero, in their order.</summary>
    internal static Coefficient[] Strongest(Coefficient[] all, int most) => all.Length <= most
        ? all
        : [.. all.Index().OrderByDescending(pair => pair.Item.Strength).Take(most).OrderBy(pair => pair.Index).Select(pair => pair.Item)];

    private static ReportTable Table(ModelFacts model, Coefficient[] listed, string interval)
    {
        bool hasP = listed.Any(c => !double.IsNaN(c.PValue));
        string[] columns = ["", "estimate", model.IsBayesian ? "std. deviation" : "std. error", .. hasP ? ["p"] : Array.Empty<string>(), $"{interval} from", "to"];
        string title = listed.Length < model.Coefficients.Count ? $"The {listed.Length} coefficients furthest from zero, of {model.Coefficients.Count}" : "Coefficients";
        return new(title, columns, listed.Select(c => (IReadOnlyList<string>)
        [
            c.Name, c.Note ?? Text.Number(c.Estimate), c.Note is null ? Text.Number(c.Spread) : "",
            .. hasP ? [c.Note is null ? Text.PValue(c.PValue) : ""] : Array.Empty<string>(),
            c.Note is null ? Text.Number(c.Lower) : "", c.Note is null ? Text.Number(c.Upper) : "",
        ]));
    }

    private static string Count(int count, string one, string? several = null) => $"{count} {(count == 1 ? one : several ?? one + "s")}";
}
