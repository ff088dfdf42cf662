namespace ProbML;

/// <summary>The numbers of a fit that concern the model as a whole, as R's <c>glm</c> and <c>logLik</c> define them.</summary>
public sealed record GlmStatistics
{
    /// <summary>How the fit ended.</summary>
    public required Fitting.GlmStatus Status { get; init; }

    /// <summary>Iterations taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>Rows the fit saw.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of positive weight, n.</summary>
    public required long PositiveRows { get; init; }

    /// <summary>Rows left out because something in them was missing or not finite.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Σw.</summary>
    public required double SumOfWeights { get; init; }

    /// <summary>The number of estimated coefficients, p.</summary>
    public required int Rank { get; init; }

    /// <summary>φ̂: 1 where the family knows it, else as <see cref="GlmOptions.Dispersion"/> says, X² / (n − p) by default.</summary>
    public required double Dispersion { get; init; }

    /// <summary>D = Σ w d(y, μ).</summary>
    public required double Deviance { get; init; }

    /// <summary>The deviance of the model with the intercept and the offset alone (without an intercept: the offset alone).</summary>
    public required double NullDeviance { get; init; }

    /// <summary>X² = Σ w (y − μ)² / V(μ).</summary>
    public required double PearsonChiSquared { get; init; }

    /// <summary>ln L, at the dispersion that R's <c>logLik</c> takes.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>What was minimised, at the end.</summary>
    public required double Objective { get; init; }

    /// <summary>The parameters that AIC counts: p, and one for an estimated dispersion or θ; null where R gives none (Tweedie).</summary>
    public required int? ParameterCount { get; init; }

    /// <summary>The negative binomial's θ, in Var(Y) = μ + μ²/θ; null for other families.</summary>
    public double? Theta { get; init; }

    /// <summary>The standard error of an estimated θ, the coefficients held (as MASS does).</summary>
    public double? ThetaStandardError { get; init; }

    /// <summary>n − p.</summary>
    public long ResidualDegreesOfFreedom => PositiveRows - Rank;

    /// <summary>n − 1, or n without an intercept.</summary>
    public required long NullDegreesOfFreedom { get; init; }

    /// <summary>−2 ln L + 2 k; NaN where there is no count.</summary>
    public double Aic => ParameterCount is { } k ? -2 * LogLikelihood + 2 * k : double.NaN;

    /// <summary>−2 ln L + k ln n; NaN where there is no count.</summary>
    public double Bic => ParameterCount is { } k ? -2 * LogLikelihood + k * Math.Log(PositiveRows) : double.NaN;
}
