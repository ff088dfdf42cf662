using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>k(x, z) = v f(r²), r² = Σ (x_d − z_d)² / ℓ_d²: a kernel of the distance alone.</summary>
public abstract record StationaryKernel : FeatureKernel
{
    private readonly double variance = 1;
    private readonly KernelVector<double> lengthscale = [1];

    private protected StationaryKernel()
    {
    }

    /// <summary>v &gt; 0, the variance of the function.</summary>
    public double Variance
    {
        get => variance;
        init => variance = Positive(value, nameof(Variance));
    }

    /// <summary>ℓ &gt; 0: one for all features, or one for each.</summary>
    public KernelVector<double> Lengthscale
    {
        get => lengthscale;
        init => lengthscale = Checked(value);
    }

    /// <summary>Whether there is to be one lengthscale a feature (automatic relevance determination).</summary>
    public bool Ard { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => 1 + Lengthscale.Count + ShapeCount;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
    [
        "variance",
        .. Lengthscale.Count == 1 ? ["lengthscale"] : Lengthscale.Select((_, d) => $"lengthscale[{d}]"),
        .. ShapeNames,
    ];

    /// <summary>How it is called in text.</summary>
    private protected abstract string Name { get; }

    /// <summary>How many parameters f has of its own.</summary>
    private protected virtual int ShapeCount => 0;

    private protected virtual IReadOnlyList<string> ShapeNames => [];

    /// <summary>f(r²), in place.</summary>
    private protected abstract void Profile(Span<double> squares);

    /// <summary>f(r²), and f′ = df/dr² in place of r². Where f′ is infinite (r = 0 of a rough kernel) it is 0.</summary>
    private protected abstract void ProfileWithSlope(Span<double> squares, Span<double> values);

    /// <summary>Adds v Σ w ∂f/∂ ln of the parameters that f has of its own.</summary>
    private protected virtual void AddShapeGradient(
        ReadOnlySpan<double> squares, ReadOnlySpan<double> weights, Span<double> gradient)
    {
    }

    private protected virtual void GetShape(Span<double> free)
    {
    }

    private protected virtual StationaryKernel WithShape(ReadOnlySpan<double> free) => this;

    private protected virtual string?[] ShapeArguments => [];

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        Squares(row, values);
        Profile(values);
        TensorPrimitives.Multiply(values, Variance, values);
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var first = new Scratch(row.Count);
        using var second = new Scratch(row.Count);
        Span<double> slopes = first.Span, values = second.Span;
        Squares(row, slopes);
        if (ShapeCount > 0)
            AddShapeGradient(slopes, weights, gradient[(1 + Lengthscale.Count)..]);
        ProfileWithSlope(slopes, values);
        gradient[0] += Variance * TensorPrimitives.Dot(values, weights);
        TensorPrimitives.Multiply(slopes, weights, slopes);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            double scale = Lengthscale[Lengthscale.Count == 1 ? 0 : d];
            TensorPrimitives.Subtract(row.Others(Feature(d)), row.X[Feature(d)], values);
            TensorPrimitives.Multiply(values, values, values);
            // ∂r²/∂ ln ℓ_d = −2 Δ_d² / ℓ_d²
            gradient[1 + (Lengthscale.Count == 1 ? 0 : d)] -=
                2 * Variance * TensorPrimitives.Dot(values, slopes) / (scale * scale);
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var first = new Scratch(row.Count);
        using var second = new Scratch(row.Count);
        Span<double> slopes = first.Span, values = second.Span;
        Squares(row, slopes);
        ProfileWithSlope(slopes, values);
        TensorPrimitives.Multiply(slopes, weights, slopes);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            double scale = Lengthscale[Lengthscale.Count == 1 ? 0 : d];
            TensorPrimitives.Subtract(row.Others(Feature(d)), row.X[Feature(d)], values);
            gradient[Feature(d)] -= 2 * Variance * TensorPrimitives.Dot(values, slopes) / (scale * scale);
        }
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => Variance;

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient) =>
        gradient[0] += weight * Variance;

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        free[0] = Math.Log(Variance);
        for (int d = 0; d < Lengthscale.Count; d++)
            free[1 + d] = Math.Log(Lengthscale[d]);
        GetShape(free[(1 + Lengthscale.Count)..]);
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free)
    {
        var scales = new double[Lengthscale.Count];
        for (int d = 0; d < scales.Length; d++)
            scales[d] = Math.Exp(free[1 + d]);
        var shaped = WithShape(free[(1 + scales.Length)..]);
        return shaped with { Variance = Math.Exp(free[0]), Lengthscale = KernelVector.Create<double>(scales) };
    }

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features)
    {
        CheckDims(features);
        int count = FeatureCount(features);
        if (Ard && Lengthscale.Count == 1)
            return this with { Lengthscale = KernelVector.Create<double>([.. Enumerable.Repeat(Lengthscale[0], count)]) };
        return Lengthscale.Count == 1 || Lengthscale.Count == count
            ? this
            : throw new ArgumentException(
                $"The kernel {this} has {Lengthscale.Count} lengthscales for {count} features.", nameof(features));
    }

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        string?[] own =
        [
            Ard && Lengthscale.Count == 1 ? "ard" : null,
            Variance == 1 ? null : Number("variance", Variance),
            Lengthscale.Count == 1 && Lengthscale[0] == 1 ? null : $"lengthscale={Lengthscale}",
            .. ShapeArguments,
        ];
        string arguments = Arguments(own);
        return arguments.Length == 0 ? Name : $"{Name}({arguments})";
    }

    private void Squares(in KernelRow row, Span<double> squares)
    {
        using var scratch = new Scratch(row.Count);
        var step = scratch.Span;
        squares.Clear();
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            double scale = Lengthscale[Lengthscale.Count == 1 ? 0 : d];
            TensorPrimitives.Subtract(row.Others(Feature(d)), row.X[Feature(d)], step);
            TensorPrimitives.Multiply(step, 1 / scale, step);
            TensorPrimitives.FusedMultiplyAdd(step, step, squares, squares);
        }
    }

    private static KernelVector<double> Checked(KernelVector<double> scales)
    {
        ArgumentOutOfRangeException.ThrowIfZero(scales.Count, nameof(Lengthscale));
        foreach (double scale in scales)
            Positive(scale, nameof(Lengthscale));
        return scales;
    }
}
