namespace ProbML.DensityRatios;

/// <summary>How a density ratio is fitted as a sum of kernels.</summary>
public sealed record KernelRatioOptions
{
    /// <summary>How many of the numerator's rows are drawn for centres.</summary>
    public int CentreCount { get; init; } = 100;

    /// <summary>The centres themselves, [b, d], row-major; null: drawn.</summary>
    public IReadOnlyList<double>? Centres { get; init; }

    /// <summary>σ, in the features' own units; null: chosen among multiples of the median distance, features standardised.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>λ of least squares; null: chosen. KLIEP has none.</summary>
    public double? Regularization { get; init; }

    /// <summary>α of relative least squares, in [0, 1); 0: the plain ratio. A relative ratio is at most 1/α.</summary>
    public double Alpha { get; init; }

    /// <summary>
    /// Whether least squares are solved over θ ≥ 0; if not, without that bound and negatives then set to zero, as in uLSIF: a closed
    /// form, whose log ratios are the worse the fewer kernels are left to make up for those cut off. KLIEP always is.
    /// </summary>
    public bool IsConstrained { get; init; } = true;

    /// <summary>Parts of the cross-validation of KLIEP and of constrained least squares.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Draws centres and parts.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        GlmOptions.Check(CentreCount > 0, nameof(CentreCount), CentreCount, "must be positive");
        GlmOptions.Check(Bandwidth is null or > 0 and < double.PositiveInfinity, nameof(Bandwidth), Bandwidth, "must be positive and finite");
        GlmOptions.Check(
            Regularization is null or > 0 and < double.PositiveInfinity, nameof(Regularization), Regularization, "must be positive and finite");
        GlmOptions.Check(Alpha is >= 0 and < 1, nameof(Alpha), Alpha, "must lie in [0, 1)");
        GlmOptions.Check(Folds >= 2, nameof(Folds), Folds, "must be 2 or more");
    }
}
