namespace ProbML.GaussianProcesses;

/// <summary>A kernel that looks at some of the features, or at all.</summary>
public abstract record FeatureKernel : Kernel
{
    private protected FeatureKernel()
    {
    }

    /// <summary>The features it looks at, from 0; null: all.</summary>
    public KernelVector<int>? Dims { get; init; }

    /// <inheritdoc/>
    public override Kernel Over(KernelVector<int> dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return Dims is null ? this with { Dims = dims } : this;
    }

    private protected int FeatureCount(int all) => Dims?.Count ?? all;

    private protected int Feature(int place) => Dims is null ? place : Dims[place];

    private protected void CheckDims(int features)
    {
        if (Dims is null)
            return;
        foreach (int dim in Dims)
        {
            if (dim < 0 || dim >= features)
                throw new ArgumentException(
                    $"The kernel {this} looks at feature {dim}, but there are {features}, counted from 0.", nameof(features));
        }
    }

    private protected string Arguments(params string?[] arguments)
    {
        var given = arguments.Append(Dims is null ? null : $"dims=[{string.Join(", ", Dims)}]").OfType<string>();
        return string.Join(", ", given);
    }

    private protected static string Number(string name, double value) =>
        FormattableString.Invariant($"{name}={value:R}");
}
