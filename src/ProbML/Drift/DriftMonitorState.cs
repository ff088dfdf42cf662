using System.Text.Json;
using System.Text.Json.Serialization;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>All that a drift monitor knows, as it is written.</summary>
internal sealed record DriftMonitorState
{
    private const string FormatName = "ProbML drift monitor";
    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    public string Format { get; init; } = FormatName;

    public int Version { get; init; } = CurrentVersion;

    [JsonRequired]
    public required DriftOptions Options { get; init; }

    [JsonRequired]
    public required int Window { get; init; }

    [JsonRequired]
    public required double RowsPerFalseAlarm { get; init; }

    [JsonRequired]
    public required IReadOnlyList<DriftColumn> Columns { get; init; }

    [JsonRequired]
    public required DriftSample Sample { get; init; }

    [JsonRequired]
    public required long Rows { get; init; }

    [JsonRequired]
    public required long? DriftRow { get; init; }

    [JsonRequired]
    public required long? ChangeRow { get; init; }

    [JsonRequired]
    public required bool IsChange { get; init; }

    [JsonRequired]
    public required ulong Random { get; init; }

    /// <summary>The numbers among which ranks are taken, of each column twice.</summary>
    [JsonRequired]
    public required IReadOnlyList<IReadOnlyList<double>> Histories { get; init; }

    [JsonRequired]
    public required IReadOnlyList<MartingaleState> Martingales { get; init; }

    /// <summary>The last rows.</summary>
    [JsonRequired]
    public required IReadOnlyList<double[]> Last { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <exception cref="FormatException">It is no state, of another version, or damaged; the message says which.</exception>
    public static DriftMonitorState Read(Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String
                || format.GetString() != FormatName)
                throw new FormatException("This is no saved drift monitor: its JSON does not say so.");
            if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out int number) || number != CurrentVersion)
                throw new FormatException(
                    $"The saved drift monitor is of version {version}, and this ProbML reads version {CurrentVersion}. Use the ProbML that "
                    + "wrote it, or make another from the reference.");
            var state = root.Deserialize<DriftMonitorState>(Json)!;
            state.Options.Validate();
            return state.FaultOfReference() is { } fault
                ? throw new FormatException($"The saved drift monitor is damaged: {fault}. Make another from the reference.")
                : state;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new FormatException($"The saved drift monitor is damaged: {e.Message} Make another from the reference.", e);
        }
    }

    /// <summary>What is wrong with the state of a monitor of so many features; null: nothing.</summary>
    public string? Fault(int features, int mostKept)
    {
        if (Histories.Count != 2 * features || Martingales.Count != 2 * features)
            return $"{features} features need {2 * features} histories and martingales";
        if (Histories.Any(history => history is null || history.Count < Sample.Rows || history.Count > mostKept))
            return "a history has too few values or too many";
        if (Martingales.Any(martingale => martingale is not { IsSound: true }))
            return "a martingale's capital is none";
        if (Last.Count > Window || Last.Count > Rows || Last.Any(row => row is null || row.Length != features || !AreLevels(row)))
            return "its last rows are not of its columns";
        return Rows < 0 || DriftRow is < 1 || DriftRow > Rows || ChangeRow is < 1 || ChangeRow > Rows ? "its row numbers are none" : null;
    }

    private string? FaultOfReference()
    {
        if (Columns.Count == 0 || Columns.Any(column => column is null || column.Slots is not { Count: > 0 } || column.Levels is not null && column.Slots.Count != 1))
            return "a column has no values";
        int width = Columns.Sum(column => column.Slots.Count);
        if (Sample is not { Values: not null, RowNumbers: not null } || Sample.Rows < 4 || Sample.Values.Length != (long)width * Sample.Rows)
            return "its reference is cut short";
        if (!Sample.Values.Chunk(width).All(AreLevels))
            return "a level of its reference has no name";
        return Window < 10 || !(RowsPerFalseAlarm > 0) ? "its window or threshold is none" : null;
    }

    /// <summary>Whether what stands for levels are places of these, or missing.</summary>
    private bool AreLevels(double[] row)
    {
        int at = 0;
        foreach (var column in Columns)
        {
            if (column.Levels is { } levels && !double.IsNaN(row[at]) && !(row[at] >= 0 && row[at] < levels.Count && row[at] == Math.Floor(row[at])))
                return false;
            at += column.Slots.Count;
        }
        return true;
    }
}
