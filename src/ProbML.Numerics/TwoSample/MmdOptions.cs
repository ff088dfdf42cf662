namespace ProbML.TwoSample;

/// <summary>How the width of a Gaussian kernel is found.</summary>
public enum KernelWidth
{
    /// <summary>γ = 1 / the median squared distance between rows of both samples.</summary>
    /// <remarks>Gretton et al. (2012), §8.</remarks>
    Median = 1,

    /// <summary>
    /// The γ near the median's that makes MMD² over its standard deviation largest on one half of the rows; the other half tests.
    /// </summary>
    /// <remarks>Sutherland et al. (2017), Generative models and model criticism via optimized MMD, §2.</remarks>
    PowerMaximised = 2,
}

/// <summary>How maximum mean discrepancy is tested, with the kernel exp(−γ‖x − y‖²).</summary>
public sealed record MmdOptions
{
    /// <summary>γ; null: by <see cref="Width"/>.</summary>
    public double? Gamma { get; init; }

    /// <summary>How γ is found where it is not given.</summary>
    public KernelWidth Width { get; init; } = KernelWidth.Median;

    /// <summary>How many relabellings of the rows the p-value rests on.</summary>
    public int Permutations { get; init; } = 999;

    /// <summary>Rows of each sample in a block of the block test; null: √n.</summary>
    public int? BlockRows { get; init; }

    /// <summary>Draws relabellings, halves and the order of rows.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        GlmOptions.Check(Gamma is null or > 0 and < double.PositiveInfinity, nameof(Gamma), Gamma, "must be positive and finite");
        GlmOptions.Check(Enum.IsDefined(Width), nameof(Width), Width, "is no such method");
        GlmOptions.Check(Permutations > 0, nameof(Permutations), Permutations, "must be positive");
        GlmOptions.Check(BlockRows is null or >= 2, nameof(BlockRows), BlockRows, "must be 2 or more");
    }
}
