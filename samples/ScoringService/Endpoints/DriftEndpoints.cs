namespace ProbML.Examples.Scoring;

/// <summary>/models/{name}/drift.</summary>
internal static class DriftEndpoints
{
    public static IResult Status(string name, ModelFolder models) => With(name, models, watch => Results.Ok(watch.Status));

    public static IResult Report(string name, HttpRequest request, ModelFolder models) => With(name, models, watch =>
    {
        try
        {
            var report = watch.Report();
            return request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
                ? Results.Content(report.ToHtml(), "text/html; charset=utf-8")
                : Results.Content(report.ToJson(), "application/json; charset=utf-8");
        }
        catch (InvalidOperationException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict, title: "There is nothing to report yet.");
        }
    });

    public static IResult Reset(string name, ModelFolder models) => With(name, models, watch =>
    {
        watch.Reset();
        return Results.Ok(watch.Status);
    });

    private static IResult With(string name, ModelFolder models, Func<DriftWatch, IResult> answer)
    {
        if (models.Hold(name) is not { } model)
            return Problems.NoSuchModel(name);
        try
        {
            return model.Drift is { } watch ? answer(watch) : Results.Problem(
                $"Put {name}.drift beside {name}.zip: what CreateDriftMonitor(trainingRows).Save(stream) writes. If it is there, "
                + "GET /models says what is wrong with it.",
                statusCode: StatusCodes.Status404NotFound,
                title: "The model's drift is not watched.");
        }
        finally
        {
            model.Release();
        }
    }
}
