using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ProbML.Studio.Pages;

/// <summary>A page of a session that has begun; without one the user goes to the start.</summary>
internal abstract class StudioPage(SessionStore sessions) : PageModel
{
    /// <summary>The user's session.</summary>
    public StudioSession Session { get; private set; } = null!;

    /// <summary>What is wrong with what the user chose, or null.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Whether the page needs an uploaded table.</summary>
    protected virtual bool NeedsTable => true;

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (sessions.Of(HttpContext) is { } session && (session.Table is not null || !NeedsTable))
            Session = session;
        else
            context.Result = Redirect("/");
    }

    /// <summary>The page again, with what is wrong.</summary>
    protected IActionResult Again(string problem)
    {
        Problem = problem;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
