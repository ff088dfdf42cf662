using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>The linear kernel, k = Σ v_d x_d z_d: Bayesian linear regression without an intercept.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §4.2.2; add a constant kernel for the intercept.</remarks>
public sealed record LinearKernel : FeatureKernel
{
    private readonly KernelVector<double> variance = [1];

    /// <summary>v &gt; 0: one for all features, or one for each.</summary>
    public KernelVector<double> Variance
    {
        get => variance;
        init
        {
            ArgumentOutOfRangeException.ThrowIfZero(value.Count, nameof(Variance));
            foreach (double one in value)
                Positive(one, nameof(Variance));
            variance = value;
        }
    }

    /// <summary>Whether there is to be one variance a feature (automatic relevance determination).</summary>
    public bool Ard { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => Variance.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
        [.. Variance.Count == 1 ? ["variance"] : Variance.Select((_, d) => $"variance[{d}]")];

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        values.Clear();
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
            TensorPrimitives.FusedMultiplyAdd(row.Others(Feature(d)), VarianceOf(d) * row.X[Feature(d)], values, values);
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
            gradient[Place(d)] +=
                VarianceOf(d) * row.X[Feature(d)] * TensorPrimitives.Dot(row.Others(Feature(d)), weights);
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
            gradient[Feature(d)] += VarianceOf(d) * TensorPrimitives.Dot(row.Others(Feature(d)), weights);
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int d = 0, count = FeatureCount(x.Length); d < count; d++)
            sum += VarianceOf(d) * x[Feature(d)] * x[Feature(d)];
        return sum;
    }

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        for (int d = 0, count = FeatureCount(x.Length); d < count; d++)
            gradient[Place(d)] += weight * VarianceOf(d) * x[Feature(d)] * x[Feature(d)];
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        for (int d = 0; d < Variance.Count; d++)
            free[d] = Math.Log(Variance[d]);
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free)
    {
        var variances = new double[Variance.Count];
        for (int d = 0; d < variances.Length; d++)
            variances[d] = Math.Exp(free[d]);
        return this with { Variance = KernelVector.Create<double>(variances) };
    }

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features)
    {
        CheckDims(features);
        int count = FeatureCount(features);
        if (Ard && Variance.Count == 1)
            return this with { Variance = KernelVector.Create<double>([.. Enumerable.Repeat(Variance[0], count)]) };
        return Variance.Count == 1 || Variance.Count == count
            ? this
            : throw new ArgumentException(
                $"The kernel {this} has {Variance.Count} variances for {count} features.", nameof(features));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string arguments = Arguments(
            Ard && Variance.Count == 1 ? "ard" : null,
            Variance.Count == 1 && Variance[0] == 1 ? null : $"variance={Variance}");
        return arguments.Length == 0 ? "linear" : $"linear({arguments})";
    }

    private int Place(int d) => Variance.Count == 1 ? 0 : d;

    private double VarianceOf(int d) => Variance[Place(d)];
}
