using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>The periodic kernel, k = v exp(−2 Σ sin²(π Δ_d / p) / ℓ²): functions that repeat.</summary>
/// <remarks>MacKay (1998); Rasmussen &amp; Williams (2006), eq. 4.31 with ℓ in the place of its ℓ.</remarks>
public sealed record PeriodicKernel : FeatureKernel
{
    private readonly double variance = 1, lengthscale = 1, period = 1;

    /// <summary>v &gt; 0.</summary>
    public double Variance
    {
        get => variance;
        init => variance = Positive(value, nameof(Variance));
    }

    /// <summary>ℓ &gt; 0, without unit: how smooth one period is.</summary>
    public double Lengthscale
    {
        get => lengthscale;
        init => lengthscale = Positive(value, nameof(Lengthscale));
    }

    /// <summary>p &gt; 0, in the unit of the features.</summary>
    public double Period
    {
        get => period;
        init => period = Positive(value, nameof(Period));
    }

    /// <inheritdoc/>
    public override int ParameterCount => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => ["variance", "lengthscale", "period"];

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        Squares(row, values);
        TensorPrimitives.Multiply(values, -2 / (Lengthscale * Lengthscale), values);
        TensorPrimitives.Exp(values, values);
        TensorPrimitives.Multiply(values, Variance, values);
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var first = new Scratch(row.Count);
        using var second = new Scratch(row.Count);
        Span<double> weighted = first.Span, squares = second.Span;
        Row(row, weighted);
        TensorPrimitives.Multiply(weighted, weights, weighted);
        gradient[0] += TensorPrimitives.Sum(weighted);
        Squares(row, squares);
        double inverse = 1 / (Lengthscale * Lengthscale);
        gradient[1] += 4 * inverse * TensorPrimitives.Dot(weighted, squares);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            var others = row.Others(Feature(d));
            double x = row.X[Feature(d)], turn = Math.PI / Period, sum = 0;
            for (int j = 0; j < others.Length; j++)
            {
                double angle = turn * (x - others[j]);
                sum += weighted[j] * angle * Math.Sin(2 * angle);        // 2 sin a cos a
            }
            gradient[2] += 2 * inverse * sum;
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        var weighted = scratch.Span;
        Row(row, weighted);
        TensorPrimitives.Multiply(weighted, weights, weighted);
        double turn = Math.PI / Period, factor = -2 * turn / (Lengthscale * Lengthscale);
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            var others = row.Others(Feature(d));
            double x = row.X[Feature(d)];
            for (int j = 0; j < others.Length; j++)
                gradient[Feature(d)] += factor * weighted[j] * Math.Sin(2 * turn * (x - others[j]));
        }
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => Variance;

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient) =>
        gradient[0] += weight * Variance;

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free) =>
        (free[0], free[1], free[2]) = (Math.Log(Variance), Math.Log(Lengthscale), Math.Log(Period));

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free) =>
        this with { Variance = Math.Exp(free[0]), Lengthscale = Math.Exp(free[1]), Period = Math.Exp(free[2]) };

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
            Lengthscale == 1 ? null : Number("lengthscale", Lengthscale),
            Period == 1 ? null : Number("period", Period));
        return arguments.Length == 0 ? "periodic" : $"periodic({arguments})";
    }

    private void Squares(in KernelRow row, Span<double> squares)
    {
        squares.Clear();
        double turn = Math.PI / Period;
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            var others = row.Others(Feature(d));
            double x = row.X[Feature(d)];
            for (int j = 0; j < others.Length; j++)
            {
                double sine = Math.Sin(turn * (x - others[j]));
                squares[j] += sine * sine;
            }
        }
    }
}
