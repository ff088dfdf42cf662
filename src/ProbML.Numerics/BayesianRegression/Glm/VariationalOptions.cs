namespace ProbML;

/// <summary>How the gradient of the evidence lower bound is found.</summary>
public enum VariationalGradient
{
    /// <summary>By quadrature where that is exact (known dispersion, smooth priors, any η allowed), else reparameterised.</summary>
    Automatic,

    /// <summary>∇ ln p at draws m + Lε: low variance, needs gradients. Kingma &amp; Welling (2014); Kucukelbir et al. (2017).</summary>
    Reparameterised,

    /// <summary>
    /// ln p at draws times the score of q, a control variate taking off what is known: black box. Ranganath, Gerrish &amp;
    /// Blei (2014).
    /// </summary>
    ScoreFunction,
}

/// <summary>How a variational posterior is found.</summary>
public sealed record VariationalOptions
{
    /// <summary>How gradients are found.</summary>
    public VariationalGradient Gradient { get; init; }

    /// <summary>Stochastic gradients: the steps of Adam.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>Stochastic gradients: draws a step.</summary>
    public int Draws { get; init; } = 16;

    /// <summary>Stochastic gradients: the first step size, falling to a hundredth of it.</summary>
    public double StepSize { get; init; } = 0.05;

    internal void Validate()
    {
        GlmOptions.Check(Enum.IsDefined(Gradient), nameof(Gradient), Gradient, "must be one of the enumeration's");
        GlmOptions.Check(Steps > 0, nameof(Steps), Steps, "must be positive");
        GlmOptions.Check(Draws > 1, nameof(Draws), Draws, "must be at least 2");
        GlmOptions.Check(StepSize > 0 && double.IsFinite(StepSize), nameof(StepSize), StepSize, "must be positive and finite");
    }
}
