using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>A kernel of one variance v that looks at no feature.</summary>
public abstract record VarianceKernel : Kernel
{
    private readonly double variance = 1;

    private protected VarianceKernel()
    {
    }

    /// <summary>v &gt; 0.</summary>
    public double Variance
    {
        get => variance;
        init => variance = Positive(value, nameof(Variance));
    }

    /// <inheritdoc/>
    public sealed override int ParameterCount => 1;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> ParameterNames => ["variance"];

    /// <inheritdoc/>
    public sealed override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        // It does not depend on x.
    }

    /// <inheritdoc/>
    public sealed override void GetFreeParameters(Span<double> free) => free[0] = Math.Log(Variance);

    /// <inheritdoc/>
    public sealed override Kernel With(ReadOnlySpan<double> free) => this with { Variance = Math.Exp(free[0]) };

    /// <inheritdoc/>
    public sealed override Kernel ForFeatures(int features) => this;

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        string name = this is WhiteKernel ? "white" : "constant";
        return Variance == 1 ? name : FormattableString.Invariant($"{name}(variance={Variance:R})");
    }
}

/// <summary>The constant kernel, k = v: an unknown mean.</summary>
public sealed record ConstantKernel : VarianceKernel
{
    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values) => values.Fill(Variance);

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient) =>
        gradient[0] += Variance * TensorPrimitives.Sum(weights);

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => Variance;

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient) =>
        gradient[0] += weight * Variance;
}

/// <summary>White noise, k = v if x and z are the same row, else 0: what the latent function does not have.</summary>
public sealed record WhiteKernel : VarianceKernel
{
    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        values.Clear();
        if (row.Self >= 0)
            values[row.Self] = Variance;
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        if (row.Self >= 0)
            gradient[0] += Variance * weights[row.Self];
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => 0;

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        // The latent function has none of it.
    }

    /// <inheritdoc/>
    public override double WhiteDiagonal(ReadOnlySpan<double> x) => Variance;
}
