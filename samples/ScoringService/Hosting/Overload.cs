using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace ProbML.Examples.Scoring;

/// <summary>Bounds what is done at once: beyond it requests wait, and beyond that they are told to come again.</summary>
internal static class Overload
{
    public const string Predictions = "predictions", Streams = "streams";

    private const int WaitingPerPermit = 16;

    public static void Limit(RateLimiterOptions limits, ScoringOptions options)
    {
        limits.AddConcurrencyLimiter(Predictions, limit =>
            (limit.PermitLimit, limit.QueueLimit) = (options.ConcurrentPredictions, WaitingPerPermit * options.ConcurrentPredictions));
        limits.AddConcurrencyLimiter(Streams, limit => limit.PermitLimit = options.ConcurrentStreams);
        limits.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            await Results.Problem(
                "As many requests as allowed are running and waiting.",
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "The service is busy.").ExecuteAsync(rejected.HttpContext);
        };
    }
}
