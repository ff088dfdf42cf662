namespace ProbML.Examples.Scoring;

/// <summary>GET /health/ready.</summary>
internal static class HealthEndpoint
{
    /// <summary>200 while a model is served, "degraded" if one's newest file is not; 503 before, and without models.</summary>
    /// <remarks>It is for everyone, so it names models alone; GET /models says what is wrong.</remarks>
    public static IResult Ready(ModelFolder models)
    {
        var slots = models.Slots.ToList();
        int served = 0;
        foreach (var slot in slots)
        {
            var model = slot.Hold();
            served += model is null ? 0 : 1;
            model?.Release();
        }
        string[] failed = [.. slots.Where(slot => (slot.Fault ?? slot.DriftFault) is not null).Select(slot => slot.Name)];
        bool isReady = models.IsReady && served > 0;
        return Results.Json(
            new
            {
                Status = !models.IsReady ? "starting" : served == 0 ? "no models" : failed.Length > 0 || models.Fault is not null ? "degraded" : "ready",
                Served = served,
                Failed = failed,
            },
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
