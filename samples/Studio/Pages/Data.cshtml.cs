using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace ProbML.Studio.Pages;

/// <summary>The table as it was read, and the question asked of it.</summary>
internal sealed class DataModel(SessionStore sessions, TableReader reader) : StudioPage(sessions)
{
    public const int PreviewRows = 8;

    public Table Table => Session.Table!;

    /// <summary>What was chosen: before, or in the form that has problems.</summary>
    public string? ChosenTarget { get; private set; }

    public Scenario? ChosenScenario { get; private set; }

    public void OnGet()
    {
        ChosenTarget = Session.Setup?.Target?.Name;
        ChosenScenario = Session.Setup?.Scenario;
    }

    /// <summary>What a column is used as unless told otherwise: "number", "levels" or "none".</summary>
    public string UseOf(TableColumn column)
    {
        if (Session.Setup is { } setup)
        {
            var used = setup.Features.FirstOrDefault(feature => feature.Name == column.Name);
            bool isOther = setup.Target?.Name == column.Name || setup.Exposure?.Name == column.Name;
            if (used is not null || !isOther)
                return used is null ? "none" : used.IsNumber ? "number" : "levels";
        }
        return Table.ReasonToLeaveOut(column) is not null ? "none" : column.IsNumber ? "number" : "levels";
    }

    /// <summary>Reads the file again, in another way.</summary>
    public IActionResult OnPostRead(string? delimiter, string? missing, bool noHeader)
    {
        try
        {
            Session.Use(reader.Read(Session.DataPath, Table.FileName, UploadForm.Reading(delimiter, missing, !noHeader)));
            return Redirect("/data");
        }
        catch (BadFileException e)
        {
            return Again($"Read that way, {Table.FileName} cannot be used: {e.Message}");
        }
    }

    public IActionResult OnPost(int? target, string? scenario)
    {
        var question = Enum.TryParse<Scenario>(scenario, out var parsed) && Enum.IsDefined(parsed) ? parsed : (Scenario?)null;
        TableColumn? column = target is >= 0 and var place && place < Table.Columns.Count ? Table.Columns[place] : null;
        (ChosenTarget, ChosenScenario) = (column?.Name, question);
        try
        {
            if (question is null)
            {
                if (column is null)
                    throw new BadFileException("Choose a question, and the column it is about.");
                question = Scenarios.Suggest(column);
            }
            if (!question.Value.HasTarget())
                column = null;
            else if (column is not null && question is Scenario.YesNo or Scenario.Class or Scenario.Ordered)
                column = column!.AsLevels();
            var setup = new Setup
            {
                Table = Table,
                Scenario = question.Value,
                Target = column,
                Features = Features(column?.Name),
                Positive = question == Scenario.YesNo ? GuessPositive(column) : null,
                Classes = question.Value.IsClasses() ? column?.Levels ?? [] : [],
            };
            Session.Choose(setup.Check());
            return Redirect("/models");
        }
        catch (BadFileException e)
        {
            return Again(e.Message);
        }
    }

    /// <summary>A yes among two values; else the second.</summary>
    private static string? GuessPositive(TableColumn? target) => target is { Levels.Count: 2 }
        ? target.Levels.FirstOrDefault(level => level.ToUpperInvariant() is "YES" or "TRUE" or "Y" or "1" or "T" or "POSITIVE") ?? target.Levels[1]
        : null;

    private List<TableColumn> Features(string? target)
    {
        var features = new List<TableColumn>();
        for (int i = 0; i < Table.Columns.Count; i++)
        {
            var column = Table.Columns[i];
            string use = Request.Form[string.Create(CultureInfo.InvariantCulture, $"use{i}")].ToString();
            if (column.Name == target || use is not ("number" or "levels"))
                continue;
            if (use == "number" && !column.IsNumber)
                throw new BadFileException($"'{column.Name}' holds texts, so it cannot be used as a number.");
            features.Add(use == "levels" ? column.AsLevels() : column);
        }
        return features;
    }
}
