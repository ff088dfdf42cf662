using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ProbML.Studio.Pages;

/// <summary>What went wrong, for answers that have no page of their own.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ProblemModel : PageModel
{
    public int Status { get; private set; }

    public string Sentence => Status switch
    {
        404 => "The page, the training or the model is not, or no longer, among yours.",
        400 => "The form had run out, or was not sent from here. Open the page again and repeat it.",
        _ => "The request could not be answered.",
    };

    public void OnGet(int status) => Status = status;

    public void OnPost(int status) => Status = status;
}
