using System.Text;
using Microsoft.AspNetCore.Mvc;
using ProbML.Reports;

namespace ProbML.Studio.Pages;

/// <summary>The plots and tables of a model.</summary>
internal sealed class ReportModel(SessionStore sessions) : StudioPage(sessions)
{
    private const int PlotWidth = 600;
    private const int PlotHeight = 390;

    public ModelRun Model { get; private set; } = null!;

    /// <summary>What there is to look at; null: nothing, and the problem says why.</summary>
    public ModelReport? Report { get; private set; }

    protected override bool NeedsTable => false;

    public IActionResult OnGet(int id, string key) => Find(id, key) ? Page() : NotFound();

    /// <summary>One plot.</summary>
    public IActionResult OnGetPlot(int id, string key, int section, int plot)
    {
        if (!Find(id, key) || Report is null || section < 0 || section >= Report.Sections.Count
            || plot < 0 || plot >= Report.Sections[section].Plots.Count)
            return NotFound();
        return File(Encoding.UTF8.GetBytes(Report.Sections[section].Plots[plot].ToSvg(PlotWidth, PlotHeight)), "image/svg+xml");
    }

    /// <summary>All of it in one file.</summary>
    public IActionResult OnGetHtml(int id, string key)
    {
        if (!Find(id, key) || Report is null)
            return NotFound();
        return File(Encoding.UTF8.GetBytes(Report.ToHtml()), "text/html; charset=utf-8", $"{key}-report.html");
    }

    private bool Find(int id, string key)
    {
        if (Trained(id, key) is not var (run, trained))
            return false;
        Model = trained;
        try
        {
            Report = trained.Report(run);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            Problem = $"There is no report of this model: {e.Message}";
        }
        return true;
    }
}
