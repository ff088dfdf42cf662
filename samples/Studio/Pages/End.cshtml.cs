using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ProbML.Studio.Pages;

/// <summary>Ends a session and deletes all of it.</summary>
internal sealed class EndModel(SessionStore sessions) : PageModel
{
    public IActionResult OnPost()
    {
        sessions.End(HttpContext);
        return Redirect("/end");
    }
}
