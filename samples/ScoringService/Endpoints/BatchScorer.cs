using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;

namespace ProbML.Examples.Scoring;

/// <summary>Gathers lines to blocks, and writes what is said of each in their order.</summary>
internal sealed class BatchScorer(ScoringEngine engine, LoadedModel model, ServiceMetrics metrics, PipeWriter output) : IDisposable
{
    private readonly List<RowFault?> lines = [];
    private readonly List<long> numbers = [];
    private readonly Utf8JsonWriter json = new(Stream.Null, PredictionCell.Json);

    /// <summary>Whether the block is to be scored before more is added.</summary>
    public bool IsFull => lines.Count >= engine.Rows.Capacity;

    /// <summary>Takes in a line; an empty one is passed over.</summary>
    public void Add(ReadOnlySequence<byte> line, bool isTooLong, long number)
    {
        if (!isTooLong && IsBlank(line))
            return;
        var fault = isTooLong ? new(number, null, "The line is too long.") : Read(number == 1 ? WithoutMark(line) : line, number);
        lines.Add(fault);
        numbers.Add(number);
    }

    /// <summary>Scores and writes the block; false: there was nothing in it.</summary>
    public bool Score()
    {
        if (lines.Count == 0)
            return false;
        long start = Stopwatch.GetTimestamp();
        int faults = 0;
        json.Reset(output);
        engine.Start();
        for (int i = 0; i < lines.Count; i++)
        {
            var fault = lines[i];
            if (fault is null && engine.Write(json) is { } message)
                fault = new(numbers[i], null, $"The row cannot be scored: {message}");
            if (fault is not null)
            {
                Write(fault);
                faults++;
            }
            json.Flush();
            output.Write("\n"u8);
            json.Reset();
        }
        model.Drift?.Offer(engine.Rows);
        engine.Stop();
        metrics.Scored(model.Name, lines.Count - faults);
        metrics.Rejected(model.Name, faults);
        metrics.Took(model.Name, "batch", Stopwatch.GetElapsedTime(start));
        lines.Clear();
        numbers.Clear();
        return true;
    }

    public void Dispose() => json.Dispose();

    private RowFault? Read(ReadOnlySequence<byte> line, long number)
    {
        int before = engine.Rows.Count;
        try
        {
            var row = new Utf8JsonReader(line);
            row.Read();
            var fault = engine.Rows.Add(ref row, number);
            row.Read();                                    // throws if more follows
            return fault;
        }
        catch (JsonException e)
        {
            engine.Rows.CutTo(before);
            return new(number, null, $"The line is not valid JSON: {e.Message}");
        }
    }

    private void Write(RowFault fault)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("line", fault.Row);
        json.WriteString("column", fault.Column);
        json.WriteString("message", fault.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
            if (segment.Span.ContainsAnyExcept(" \t\r"u8))
                return false;
        return true;
    }

    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> line)
    {
        Span<byte> start = stackalloc byte[3];
        if (line.Length < 3)
            return line;
        line.Slice(0, 3).CopyTo(start);
        return start.SequenceEqual("\uFEFF"u8) ? line.Slice(3) : line;
    }
}
