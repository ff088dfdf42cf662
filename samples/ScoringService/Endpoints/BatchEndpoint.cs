using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ProbML.Examples.Scoring;

/// <summary>POST /models/{name}/batch: a JSON object a line in, a JSON object a line out, in the same order and as they come.</summary>
/// <remarks>
/// Memory is that of a block of rows. Nothing is read while the client does not take what is written, so a client must read while it
/// sends; a body of known, moderate length is therefore read before it is answered. A bad line is answered by a line with its error.
/// </remarks>
internal static class BatchEndpoint
{
    private static readonly string[] ContentTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

    public static async Task<IResult> Post(
        string name, HttpContext context, ModelFolder models, ScoringOptions options, ServiceMetrics metrics)
    {
        string type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!ContentTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            return Problems.WrongType(ContentTypes[0]);
        if (models.Hold(name) is not { } model)
            return Problems.NoSuchModel(name);
        var engine = model.Rent();
        try
        {
            context.Response.Headers[Service.VersionHeader] = model.Version;
            context.Response.ContentType = ContentTypes[0];
            using var scorer = new BatchScorer(engine, model, metrics, context.Response.BodyWriter);
            await Run(context, scorer, options);
            return Results.Empty;
        }
        finally
        {
            model.Return(engine);
            model.Release();
        }
    }

    private static async Task Run(HttpContext context, BatchScorer scorer, ScoringOptions options)
    {
        // Streams have a time limit of their own, which allows pauses.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
            responseRate.MinDataRate = null;
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var pause = TimeSpan.FromSeconds(options.IdleSeconds);
        try
        {
            var body = context.Request.BodyReader;
            idle.CancelAfter(pause);
            if (context.Request.ContentLength <= options.MaximumRequestBytes)
            {
                var whole = await PredictEndpoint.ReadWhole(body, options.MaximumRequestBytes, idle.Token);
                body = PipeReader.Create(new ReadOnlySequence<byte>(whole.WrittenMemory));
            }
            var lines = new LineReader(body, options.MaximumLineBytes);
            await context.Response.StartAsync(idle.Token);
            await lines.Start(idle.Token);
            do
            {
                while (lines.TryTake(out var line, out bool isTooLong))
                {
                    scorer.Add(line, isTooLong, lines.Number);
                    if (scorer.IsFull)
                        await Flush();
                }
                await Flush();                             // what is there is answered before more is waited for
            }
            while (await lines.Wait(idle.Token));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();                               // it stood still for too long
        }
        catch (OperationCanceledException)
        {
            // the client went away
        }

        async Task Flush()
        {
            if (!scorer.Score())
                return;
            idle.CancelAfter(pause);
            await context.Response.BodyWriter.FlushAsync(idle.Token);
            idle.CancelAfter(pause);
        }
    }
}
