using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ProbML.Studio.Pages;

/// <summary>The start: a file is uploaded, or one of ours is taken.</summary>
internal sealed class IndexModel(SessionStore sessions, StudioOptions options, TableReader reader) : PageModel
{
    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["insurance"] = "insurance.csv",
        ["concrete"] = "concrete.csv",
    };

    public StudioOptions Options => options;

    public string? Problem { get; private set; }

    /// <summary>The table there is already, or null.</summary>
    public Table? Current => sessions.Of(HttpContext)?.Table;

    public async Task<IActionResult> OnPostAsync(IFormFile? file, string? delimiter, string? missing, bool noHeader)
    {
        if (file is null || file.Length == 0)
            return Again(StatusCodes.Status400BadRequest, "Choose a file that is not empty.");
        if (file.Length > options.MaximumFileBytes)
        {
            return Again(
                StatusCodes.Status413PayloadTooLarge,
                $"The file is larger than {options.MaximumFileBytes / (1024.0 * 1024):0.#} MB, the most taken here.");
        }
        await using var content = file.OpenReadStream();
        return await Take(content, UploadForm.ShownName(file.FileName), UploadForm.Reading(delimiter, missing, !noHeader));
    }

    public async Task<IActionResult> OnPostSampleAsync(string? name)
    {
        if (name is null || !Samples.TryGetValue(name, out string? file))
            return Again(StatusCodes.Status400BadRequest, "There is no such example.");
        await using var content = new MemoryStream(Assets.Read(file));
        return await Take(content, file, new());
    }

    private async Task<IActionResult> Take(Stream content, string name, ReadingOptions reading)
    {
        if (sessions.OfOrNew(HttpContext) is not { } session)
        {
            return Again(
                StatusCodes.Status503ServiceUnavailable,
                "Too many people work here at the moment. Try again in a few minutes.");
        }
        string arrived = Path.Combine(session.Folder, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var copy = System.IO.File.Create(arrived))
                await content.CopyToAsync(copy, HttpContext.RequestAborted);
            var table = reader.Read(arrived, name, reading);
            System.IO.File.Move(arrived, session.DataPath, overwrite: true);
            session.Use(table);
            return Redirect("/data");
        }
        catch (BadFileException e)
        {
            return Again(StatusCodes.Status400BadRequest, $"{name} cannot be used: {e.Message}");
        }
        finally
        {
            System.IO.File.Delete(arrived);
        }
    }

    private PageResult Again(int status, string problem)
    {
        Problem = problem;
        Response.StatusCode = status;
        return Page();
    }
}
