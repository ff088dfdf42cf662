using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>The polynomial kernel, k = v (xᵀz + c)ᵖ: polynomials of degree p in the features.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §4.2.2.</remarks>
public sealed record PolynomialKernel : FeatureKernel
{
    private readonly double variance = 1, offset = 1;
    private readonly int degree = 2;

    /// <summary>v &gt; 0.</summary>
    public double Variance
    {
        get => variance;
        init => variance = Positive(value, nameof(Variance));
    }

    /// <summary>c &gt; 0: how much the lower degrees count.</summary>
    public double Offset
    {
        get => offset;
        init => offset = Positive(value, nameof(Offset));
    }

    /// <summary>p ≥ 1.</summary>
    public int Degree
    {
        get => degree;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Degree));
            degree = value;
        }
    }

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => ["variance", "offset"];

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        Products(row, values);
        for (int j = 0; j < values.Length; j++)
            values[j] = Variance * Math.Pow(values[j], Degree);
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        var products = scratch.Span;
        Products(row, products);
        for (int j = 0; j < products.Length; j++)
        {
            double power = weights[j] * Variance * Math.Pow(products[j], Degree - 1);
            gradient[0] += power * products[j];
            gradient[1] += power * Degree * Offset;
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        var slopes = scratch.Span;
        Products(row, slopes);
        for (int j = 0; j < slopes.Length; j++)
            slopes[j] = weights[j] * Variance * Degree * Math.Pow(slopes[j], Degree - 1);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
            gradient[Feature(d)] += TensorPrimitives.Dot(row.Others(Feature(d)), slopes);
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => Variance * Math.Pow(Square(x) + Offset, Degree);

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        double sum = Square(x) + Offset, power = weight * Variance * Math.Pow(sum, Degree - 1);
        gradient[0] += power * sum;
        gradient[1] += power * Degree * Offset;
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free) =>
        (free[0], free[1]) = (Math.Log(Variance), Math.Log(Offset));

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free) =>
        this with { Variance = Math.Exp(free[0]), Offset = Math.Exp(free[1]) };

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features)
    {
        CheckDims(features);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string arguments = Arguments(
            Variance == 1 ? null : Number("variance", Variance),
            Offset == 1 ? null : Number("offset", Offset),
            Degree == 2 ? null : Number("degree", Degree));
        return arguments.Length == 0 ? "polynomial" : $"polynomial({arguments})";
    }

    private void Products(in KernelRow row, Span<double> values)
    {
        values.Fill(Offset);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
            TensorPrimitives.FusedMultiplyAdd(row.Others(Feature(d)), row.X[Feature(d)], values, values);
    }

    private double Square(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int d = 0, count = FeatureCount(x.Length); d < count; d++)
            sum += x[Feature(d)] * x[Feature(d)];
        return sum;
    }
}
