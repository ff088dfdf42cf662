namespace ProbML;

/// <summary>How a variational posterior is found that a normalizing flow makes of a normal one.</summary>
public sealed record FlowVariationalOptions
{
    /// <summary>Planar maps, K, before the affine one; at least 1.</summary>
    public int Layers { get; init; } = 8;

    /// <summary>The steps of Adam.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Draws a step, at least 2.</summary>
    public int Draws { get; init; } = 32;

    /// <summary>The first step size, falling to a hundredth of it.</summary>
    public double StepSize { get; init; } = 0.02;

    /// <summary>Draws of the posterior that the model keeps, at least 100.</summary>
    public int PosteriorDraws { get; init; } = 4000;

    internal void Validate()
    {
        GlmOptions.Check(Layers is >= 1 and <= 1024, nameof(Layers), Layers, "must lie between 1 and 1024");
        GlmOptions.Check(Steps > 0, nameof(Steps), Steps, "must be positive");
        GlmOptions.Check(Draws > 1, nameof(Draws), Draws, "must be at least 2");
        GlmOptions.Check(StepSize > 0 && double.IsFinite(StepSize), nameof(StepSize), StepSize, "must be positive and finite");
        GlmOptions.Check(PosteriorDraws >= 100, nameof(PosteriorDraws), PosteriorDraws, "must be at least 100");
    }
}
