using Microsoft.AspNetCore.Mvc;
using Microsoft.ML;

namespace ProbML.Studio.Pages;

/// <summary>Whether a second file comes from the distribution of the first.</summary>
internal sealed class DriftModel(SessionStore sessions, StudioOptions options, TableReader reader) : StudioPage(sessions)
{
    public StudioOptions Options => options;

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        if (file is null || file.Length == 0)
            return Again("Choose a file that is not empty.");
        if (file.Length > options.MaximumFileBytes)
            return Again($"The file is larger than {options.MaximumFileBytes / (1024.0 * 1024):0.#} MB, the most taken here.");
        string arrived = Path.Combine(Session.Folder, Guid.NewGuid().ToString("N"));
        var reference = Session.Table!;
        try
        {
            await using (var copy = System.IO.File.Create(arrived))
                await file.CopyToAsync(copy, HttpContext.RequestAborted);
            var current = reader.Read(
                arrived,
                UploadForm.ShownName(file.FileName),
                reference.Reading,
                reference.Columns.ToDictionary(column => column.Name, column => column.IsNumber));
            Session.Drift = new(current, DriftComparison.Run(reference, current, HttpContext.RequestAborted));
            return Redirect("/drift#verdict");
        }
        catch (BadFileException e)
        {
            return Again(e.Message);
        }
        finally
        {
            System.IO.File.Delete(arrived);
        }
    }

    public IActionResult OnGetReport() => Session.Drift is { } drift
        ? File(System.Text.Encoding.UTF8.GetBytes(drift.Report.ToHtml()), "text/html; charset=utf-8", "drift.html")
        : NotFound();
}
