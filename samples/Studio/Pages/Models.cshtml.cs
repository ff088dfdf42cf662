using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace ProbML.Studio.Pages;

/// <summary>The models that suit the question, and the settings they share.</summary>
internal sealed class ModelsModel(SessionStore sessions, TrainingQueue queue) : StudioPage(sessions)
{
    public Setup Setup => Session.Setup!;

    public IReadOnlyList<ModelCandidate> Candidates => ModelMenu.For(Setup);

    /// <summary>Why none of them can be trained here, or null.</summary>
    public string? Lack => lack ??= Setup.Scenario.HasTarget() ? "" : NetworkModels.Lack ?? "";
    private string? lack;

    /// <summary>Columns that may say how much was looked at.</summary>
    public IEnumerable<TableColumn> ExposureColumns =>
        Setup.Table.Columns.Where(column => column.Name != Setup.Target?.Name && column.IsNumber && column.Missing == 0 && column.Summary.Minimum > 0);

    /// <summary>Columns that may name groups.</summary>
    public IEnumerable<TableColumn> GroupColumns =>
        Setup.Features.Where(column => !column.IsNumber && column.Levels.Count >= 5);

    public IActionResult OnGet() => Session.Setup is null ? Redirect("/data") : Page();

    /// <summary>Changes the settings; the models to choose from follow.</summary>
    public IActionResult OnPostSettings(string? level, string? heldOut, string? positive, string? order, string? exposure, string? group)
    {
        if (Session.Setup is null)
            return Redirect("/data");
        try
        {
            var table = Setup.Table;
            var old = Setup.Exposure;
            var measure = Setup.Scenario == Scenario.Count ? ExposureColumns.FirstOrDefault(column => column.Name == exposure) : null;
            var features = Setup.Features.Where(column => column.Name != measure?.Name);
            if (old is not null && old.Name != measure?.Name)
                features = table.Columns.Where(column => column.Name == old.Name || Setup.Features.Any(used => used.Name == column.Name))
                    .Select(column => Setup.Features.FirstOrDefault(used => used.Name == column.Name) ?? column);
            features = [.. features];
            var changed = Setup with
            {
                Level = Share(level, "The intervals' level"),
                HeldOut = Share(heldOut, "The share of rows held out"),
                Positive = Setup.Positive is null ? null : Setup.Target!.Levels.Contains(positive ?? "") ? positive : Setup.Positive,
                Classes = Setup.Scenario == Scenario.Ordered ? Order(order) : Setup.Classes,
                Exposure = measure,
                Features = (IReadOnlyList<TableColumn>)features,
                Group = features.FirstOrDefault(column => column.Name == group && !column.IsNumber),
            };
            Session.Choose(changed.Check());
            return Redirect("/models");
        }
        catch (BadFileException e)
        {
            return Again(e.Message);
        }
    }

    public IActionResult OnPost(string[]? model)
    {
        if (Session.Setup is null)
            return Redirect("/data");
        ModelCandidate[] chosen = [.. Candidates.Where(candidate => model?.Contains(candidate.Key) == true)];
        if (chosen.Length == 0)
            return Again("Choose at least one model.");
        if (Lack is { Length: > 0 } problem)
            return Again(problem);
        if (Session.IsTraining)
            return Again("A training of yours goes on already. Wait for it, or cancel it first.");
        try
        {
            var run = Session.Add(Setup, chosen);
            if (queue.TryStart(run))
                return Redirect($"/runs/{run.Id}");
            Session.Remove(run);
            Problem = "Too many trainings wait already. Try again in a few minutes.";
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page();
        }
        catch (BadFileException e)
        {
            return Again(e.Message);
        }
    }

    /// <summary>A percentage as a share.</summary>
    private static double Share(string? percent, string what) =>
        double.TryParse(percent, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number / 100 : throw new BadFileException($"{what} is a number of percent, such as 95.");

    /// <summary>Every class once, lowest first, one a line.</summary>
    private string[] Order(string? order)
    {
        string[] lines = (order ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != Setup.Classes.Count || !lines.ToHashSet().SetEquals(Setup.Classes))
        {
            throw new BadFileException(
                $"The order must name each of the {Setup.Classes.Count} grades once, one a line: {string.Join(", ", Setup.Classes.Take(20))}.");
        }
        return lines;
    }
}
