namespace ProbML.Examples.Scoring;

/// <summary>What the service is told by the section "Scoring" of its configuration, or by SCORING__... in the environment.</summary>
internal sealed record ScoringOptions
{
    public const string Section = "Scoring";

    /// <summary>The folder of the model files.</summary>
    public string Models { get; init; } = "models";

    /// <summary>The folder that drift monitors are saved to.</summary>
    public string State { get; init; } = "state";

    /// <summary>The keys that are accepted: several, so that one can follow another without a gap.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>How often the folder is looked at; a file is loaded when two looks find the same.</summary>
    public double ReloadSeconds { get; init; } = 1;

    /// <summary>How often drift monitors are saved.</summary>
    public double SaveSeconds { get; init; } = 60;

    /// <summary>How long a stream may stand still.</summary>
    public double IdleSeconds { get; init; } = 120;

    /// <summary>The largest body of a prediction, and the largest that is taken in whole before a stream is answered.</summary>
    public int MaximumRequestBytes { get; init; } = 10 << 20;

    /// <summary>The most rows of a prediction.</summary>
    public int MaximumRows { get; init; } = 10_000;

    /// <summary>The longest line of a stream.</summary>
    public int MaximumLineBytes { get; init; } = 1 << 20;

    /// <summary>The rows that are scored at once.</summary>
    public int BlockRows { get; init; } = 256;

    /// <summary>Predictions at the same time, and as many again times sixteen that wait; beyond that, 503.</summary>
    public int ConcurrentPredictions { get; init; } = 4 * Environment.ProcessorCount;

    /// <summary>Streams at the same time.</summary>
    public int ConcurrentStreams { get; init; } = 16;

    /// <summary>The most rows that wait for a drift monitor; further ones are scored but not observed.</summary>
    public int DriftQueueRows { get; init; } = 65_536;

    /// <exception cref="InvalidOperationException">A setting cannot be used; the message says which.</exception>
    public ScoringOptions Validate()
    {
        if (ApiKeys.Count == 0 || ApiKeys.Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidOperationException(
                "No API key is configured: set SCORING__APIKEYS__0 in the environment, or start with --demo.");
        }
        var least = new (string Name, double Value, double Least)[]
        {
            (nameof(ReloadSeconds), ReloadSeconds, 0.01), (nameof(SaveSeconds), SaveSeconds, 0.1),
            (nameof(IdleSeconds), IdleSeconds, 0.1), (nameof(MaximumRequestBytes), MaximumRequestBytes, 1),
            (nameof(MaximumRows), MaximumRows, 1), (nameof(MaximumLineBytes), MaximumLineBytes, 1),
            (nameof(BlockRows), BlockRows, 1), (nameof(ConcurrentPredictions), ConcurrentPredictions, 1),
            (nameof(ConcurrentStreams), ConcurrentStreams, 1), (nameof(DriftQueueRows), DriftQueueRows, 1),
        };
        foreach (var (name, value, bound) in least)
            if (!(value >= bound))
                throw new InvalidOperationException($"{Section}:{name} is {value}, but must be at least {bound}.");
        return this;
    }
}
