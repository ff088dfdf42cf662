using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProbML;

/// <summary>How a model was trained: enough to tell two trainings apart, and to do one again. Part of the saved model.</summary>
public sealed record TrainingReceipt
{
    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>SHA-256 of the rows as the training read them (features, response, weights), in hexadecimal.</summary>
    public required string DataHash { get; init; }

    /// <summary>What was minimised.</summary>
    public string Objective { get; init; } = "";

    /// <summary>The rows that trained.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows that measured.</summary>
    public long ValidationRows { get; init; }

    /// <summary>The names of the features.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The name of the response, if there was one.</summary>
    public string? Response { get; init; }

    /// <summary>The options by name, as text.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The versions of what took part: ProbML, TorchSharp, .NET, operating system.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The seed of all randomness.</summary>
    public int Seed { get; init; }

    /// <summary>The device, as "cpu" or "cuda:0".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Processor threads.</summary>
    public int Threads { get; init; }

    /// <summary>The number of parameters trained.</summary>
    public long Parameters { get; init; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; init; }

    /// <summary>What each epoch came to.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs { get; init; } = [];

    /// <summary>The epoch whose weights the model has, from 1; 0: weights from before the first epoch ended.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Why it ended.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<TrainingEnding>))]
    public TrainingEnding Ending { get; init; }

    /// <summary>How often it was resumed from a checkpoint.</summary>
    public int Resumed { get; init; }

    /// <summary>Seconds it took, those before a resumption included.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether it ended as planned: not by a loss that was no number.</summary>
    [JsonIgnore]
    public bool Converged => Ending != TrainingEnding.NotFinite;

    /// <summary>The receipt less how long it took and on how many threads: equal for trainings that give equal weights.</summary>
    public TrainingReceipt WithoutTimes() => this with
    {
        Seconds = 0,
        Threads = 0,
        Options = Options.Where(option => option.Key != nameof(Threads)).ToDictionary(),
        Epochs = [.. Epochs.Select(epoch => epoch with { Seconds = 0, RowsPerSecond = 0 })],
    };

    /// <summary>The receipt as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no receipt, or one of a later version.</exception>
    public static TrainingReceipt FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var receipt = JsonSerializer.Deserialize<TrainingReceipt>(json, Json)
                ?? throw new FormatException("The training receipt is empty.");
            return receipt.Format is >= 1 and <= CurrentFormat
                ? receipt
                : throw new FormatException(
                    $"The training receipt has format {receipt.Format}, but this version of ProbML reads up to "
                    + $"{CurrentFormat}. Update ProbML.");
        }
        catch (JsonException e)
        {
            throw new FormatException("The training receipt is damaged: " + e.Message, e);
        }
    }
}

/// <summary>Why a training ended.</summary>
public enum TrainingEnding
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation loss had stopped falling; the weights are the best ones.</summary>
    EarlyStopping,

    /// <summary>The optimizer met its tolerance.</summary>
    Converged,

    /// <summary>A loss or gradient was NaN or infinite; the weights are the best from before.</summary>
    NotFinite,
}

/// <summary>What an epoch came to.</summary>
public sealed record TrainingEpoch
{
    /// <summary>Its number, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>The mean loss over its rows, each at the weights of its step.</summary>
    public double Loss { get; init; }

    /// <summary>The recorded terms of the loss, likewise.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The mean length of the gradient, before any clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The mean loss of the validation rows after it; null: there are none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The recorded terms of the validation loss.</summary>
    public IReadOnlyDictionary<string, double> ValidationTerms { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The learning rate of its last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Training rows a second.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; init; }

    /// <summary>The loss that schedules and the choice of the best epoch go by: of the validation rows if there are any.</summary>
    [JsonIgnore]
    public double MonitoredLoss => ValidationLoss ?? Loss;
}
