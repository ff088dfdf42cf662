using Microsoft.AspNetCore.Mvc;

namespace ProbML.Studio.Pages;

/// <summary>A training while it goes on, and its comparison when it has ended.</summary>
internal sealed class RunsModel(SessionStore sessions) : StudioPage(sessions)
{
    public TrainingRun Run { get; private set; } = null!;

    /// <summary>The score that orders the table.</summary>
    public ScoreKind? By { get; private set; }

    /// <summary>The kinds of scores, the one that ranks by itself first.</summary>
    public IReadOnlyList<ScoreKind> Kinds { get; private set; } = [];

    /// <summary>The models that are done, the best first; those without the score last.</summary>
    public IReadOnlyList<ModelRun> Ranked { get; private set; } = [];

    protected override bool NeedsTable => false;

    public IActionResult OnGet(int id, string? by)
    {
        if (Session.Run(id) is not { } run)
            return NotFound();
        Run = run;
        ModelRun[] done = [.. run.Models.Where(model => model.Result is not null)];
        if (done.Length == 0)
            return Page();
        Kinds = [.. done[0].Result!.Scores.Select(score => score.Kind)];
        By = Kinds.FirstOrDefault(kind => kind.Key == by) ?? Kinds[0];
        Ranked = [.. done.OrderByDescending(Rank)];
        return Page();
    }

    public IActionResult OnPostCancel(int id)
    {
        if (Session.Run(id) is not { } run)
            return NotFound();
        run.Cancel();
        return Redirect($"/runs/{id}");
    }

    public static ScoreValue Score(ModelRun model, ScoreKind kind) => model.Result!.Scores.First(score => score.Kind == kind);

    /// <summary>Whether no other model has a better value.</summary>
    public bool IsBest(ModelRun model, ScoreKind kind) =>
        kind.Better != 0 && Ranked.Count > 1 && !double.IsNaN(Score(model, kind).Value)
        && Ranked.All(other => !(kind.Better * Score(other, kind).Value > kind.Better * Score(model, kind).Value));

    private double Rank(ModelRun model)
    {
        double value = Score(model, By!).Value;
        if (double.IsNaN(value))
            return double.NegativeInfinity;
        return By!.Better == 0 ? -Math.Abs(value - (Run.Setup.Scenario.HasTarget() ? Run.Setup.Level : 1 - Run.Setup.Level)) : By.Better * value;
    }
}
