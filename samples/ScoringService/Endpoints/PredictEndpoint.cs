using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;

namespace ProbML.Examples.Scoring;

/// <summary>POST /models/{name}/predict: one row, or an array of rows; all are scored, or none.</summary>
internal static class PredictEndpoint
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public static async Task<IResult> Post(
        string name, HttpContext context, ModelFolder models, ScoringOptions options, ServiceMetrics metrics)
    {
        long start = Stopwatch.GetTimestamp();
        if (!context.Request.HasJsonContentType())
            return Problems.WrongType("application/json");
        var body = await ReadWhole(context.Request.BodyReader, options.MaximumRequestBytes, context.RequestAborted);
        if (models.Hold(name) is not { } model)
            return Problems.NoSuchModel(name);
        var engine = model.Rent();
        try
        {
            var answer = new ArrayBufferWriter<byte>(1024);
            var faults = new List<RowFault>();
            if (Score(body.WrittenSpan, answer, engine, model, options, faults, out int rows) is { } problem)
                return problem;
            metrics.Rejected(name, faults.Count);
            if (faults.Count > 0)
                return Problems.BadRows(faults);
            metrics.Scored(name, rows);
            metrics.Took(name, "predict", Stopwatch.GetElapsedTime(start));
            context.Response.Headers[Service.VersionHeader] = model.Version;
            return new WrittenJson(answer.WrittenMemory);
        }
        catch (JsonException e)
        {
            return Problems.NotJson(e.Message);
        }
        finally
        {
            model.Return(engine);
            model.Release();
        }
    }

    /// <summary>All of a body.</summary>
    /// <exception cref="BadHttpRequestException">It is too large.</exception>
    public static async Task<ArrayBufferWriter<byte>> ReadWhole(PipeReader reader, int mostBytes, CancellationToken cancellation)
    {
        var whole = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (whole.WrittenCount + read.Buffer.Length > mostBytes)
            {
                throw new BadHttpRequestException(
                    $"The body is larger than {mostBytes} bytes: send more as a stream to /batch.", StatusCodes.Status413PayloadTooLarge);
            }
            foreach (var segment in read.Buffer)
                whole.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return whole;
        }
    }

    private static IResult? Score(
        ReadOnlySpan<byte> body,
        ArrayBufferWriter<byte> answer,
        ScoringEngine engine,
        LoadedModel model,
        ScoringOptions options,
        List<RowFault> faults,
        out int rows)
    {
        rows = 0;
        var json = new Utf8JsonReader(body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body);
        using var writer = new Utf8JsonWriter(answer, PredictionCell.Json);
        json.Read();
        bool isArray = json.TokenType == JsonTokenType.StartArray;
        if (isArray)
        {
            writer.WriteStartArray();
            json.Read();
        }
        while (!isArray || json.TokenType != JsonTokenType.EndArray)
        {
            if (++rows > options.MaximumRows)
                return Problems.TooManyRows(options.MaximumRows);
            if (engine.Rows.Add(ref json, rows) is { } fault)
                faults.Add(fault);
            if (engine.Rows.IsFull)
                ScoreBlock(writer, engine, model, rows, faults);
            json.Read();
            if (!isArray)
                break;
        }
        if (isArray && json.Read())
            throw new JsonException("There is more behind the array's end.");
        ScoreBlock(writer, engine, model, rows, faults);
        if (isArray)
            writer.WriteEndArray();
        return null;
    }

    /// <summary>Scores what the engine holds; once a row has a fault there is no answer to write, and only faults are looked for.</summary>
    private static void ScoreBlock(Utf8JsonWriter writer, ScoringEngine engine, LoadedModel model, int lastRow, List<RowFault> faults)
    {
        int first = lastRow - engine.Rows.Count + 1;
        if (faults.Count == 0)
        {
            engine.Start();
            for (int i = 0; i < engine.Rows.Count; i++)
                if (engine.Write(writer) is { } message)
                    faults.Add(new(first + i, null, $"Row {first + i} cannot be scored: {message}"));
            if (faults.Count == 0)
                model.Drift?.Offer(engine.Rows);
        }
        engine.Stop();
    }

    /// <summary>JSON that is written already.</summary>
    private sealed class WrittenJson(ReadOnlyMemory<byte> json) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            await httpContext.Response.BodyWriter.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}
