namespace ProbML.Cli;

/// <summary>What <c>probml fit --model vae</c> was asked for, as written.</summary>
internal sealed record VaeRequest
{
    /// <summary>What it has in common with other fits: files, columns, seed.</summary>
    public required FitRequest Common { get; init; }

    public int Latent { get; init; } = 8;

    public IReadOnlyList<string> Hidden { get; init; } = [];

    public int Epochs { get; init; } = 20;

    public int Batch { get; init; } = 128;

    public double LearningRate { get; init; } = 1e-3;

    /// <summary>"auto", "poisson" for every column of numbers, or "column=poisson" for one.</summary>
    public IReadOnlyList<string> Likelihoods { get; init; } = [];

    public string Posterior { get; init; } = "diagonal";

    public string Device { get; init; } = "auto";

    public bool Anomaly { get; init; }

    public double? FalseAlarmRate { get; init; }
}
