namespace ProbML.Studio;

/// <summary>Headers that keep a page to itself, and answers to requests that are too large.</summary>
internal sealed partial class Guard(RequestDelegate next, StudioOptions options, ILogger<Guard> log)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && IsTooLarge(e))
        {
            await Answer(context, StatusCodes.Status413PayloadTooLarge,
                $"The file is larger than {options.MaximumFileBytes / (1024.0 * 1024):0.#} MB, the most taken here.");
        }
        catch (Exception e) when (!context.Response.HasStarted && e is BadHttpRequestException or InvalidDataException)
        {
            await Answer(context, StatusCodes.Status400BadRequest, "The request could not be read. Go back and try again.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser has gone.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Failed(log, context.Request.Path, e);
            await Answer(context, StatusCodes.Status500InternalServerError, "Something went wrong here. What was uploaded is still there.");
        }
    }

    private static bool IsTooLarge(Exception e) =>
        e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
        || (e is InvalidDataException && e.Message.Contains("length limit", StringComparison.OrdinalIgnoreCase))
        || (e.InnerException is { } inner && IsTooLarge(inner));

    /// <summary>A page that needs nothing else; the sentence is ours, so there is nothing to encode.</summary>
    private static Task Answer(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>ProbML Studio</title>"
            + "<link rel=\"stylesheet\" href=\"/studio.css\"></head><body><main><h1>That did not work</h1>"
            + $"<p role=\"alert\">{sentence}</p><p><a href=\"/\">Back to the start</a></p></main></body></html>");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed.")]
    private static partial void Failed(ILogger log, PathString path, Exception cause);
}
