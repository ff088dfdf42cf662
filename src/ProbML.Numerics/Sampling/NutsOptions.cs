namespace ProbML;

/// <summary>How the no-U-turn sampler runs.</summary>
public sealed record NutsOptions
{
    /// <summary>Chains, run side by side.</summary>
    public int Chains { get; init; } = 4;

    /// <summary>Iterations of each chain that adapt step size and mass matrix and are thrown away.</summary>
    public int Warmup { get; init; } = 1000;

    /// <summary>Draws kept of each chain.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The mean acceptance that the step size is adapted to; higher where divergences are reported.</summary>
    public double TargetAcceptance { get; init; } = 0.8;

    /// <summary>The most doublings of a trajectory.</summary>
    public int MaximumTreeDepth { get; init; } = 10;

    internal void Validate()
    {
        GlmOptions.Check(Chains > 0, nameof(Chains), Chains, "must be positive");
        GlmOptions.Check(Warmup >= 20, nameof(Warmup), Warmup, "must be at least 20");
        GlmOptions.Check(Draws >= 4, nameof(Draws), Draws, "must be at least 4");
        GlmOptions.Check(TargetAcceptance is > 0 and < 1, nameof(TargetAcceptance), TargetAcceptance, "must lie strictly between 0 and 1");
        GlmOptions.Check(MaximumTreeDepth is > 0 and <= 20, nameof(MaximumTreeDepth), MaximumTreeDepth, "must lie between 1 and 20");
    }
}
