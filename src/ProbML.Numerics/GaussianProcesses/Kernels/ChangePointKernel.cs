namespace ProbML.GaussianProcesses;

/// <summary>k = (1 − s(x))(1 − s(z)) k₁ + s(x) s(z) k₂, s(x) = 1 / (1 + exp(−a (x_d − c))): one function before c, another after.</summary>
/// <remarks>Saatçi, Turner &amp; Rasmussen (2010); Lloyd et al. (2014), §2.</remarks>
/// <param name="Before">k₁.</param>
/// <param name="After">k₂.</param>
public sealed record ChangePointKernel(Kernel Before, Kernel After) : Kernel
{
    private readonly double steepness = 1;

    /// <summary>c: where one function gives way to the other.</summary>
    public double Location { get; init; }

    /// <summary>a &gt; 0: how suddenly it does.</summary>
    public double Steepness
    {
        get => steepness;
        init => steepness = Positive(value, nameof(Steepness));
    }

    /// <summary>The feature d in which it happens, from 0.</summary>
    public int Dim { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => 2 + Before.ParameterCount + After.ParameterCount;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
    [
        "location",
        "steepness",
        .. Before.ParameterNames.Select(name => $"parts[0].{name}"),
        .. After.ParameterNames.Select(name => $"parts[1].{name}"),
    ];

    internal override IEnumerable<int> IndexDims => Before.IndexDims.Union(After.IndexDims);

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        using var scratch = new Scratch(row.Count);
        var after = scratch.Span;
        Before.Row(row, values);
        After.Row(row, after);
        double s = Share(row.X[Dim]);
        var others = row.Others(Dim);
        for (int j = 0; j < values.Length; j++)
        {
            double t = Share(others[j]);
            values[j] = (1 - s) * (1 - t) * values[j] + s * t * after[j];
        }
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var first = new Scratch(row.Count);
        using var second = new Scratch(row.Count);
        Span<double> before = first.Span, after = second.Span;
        Before.Row(row, before);
        After.Row(row, after);
        double s = Share(row.X[Dim]), slope = s * (1 - s), away = row.X[Dim] - Location;
        var others = row.Others(Dim);
        for (int j = 0; j < before.Length; j++)
        {
            double t = Share(others[j]), other = t * (1 - t), distance = others[j] - Location;
            // ∂s/∂c = −a s(1 − s), ∂s/∂ ln a = a (x − c) s(1 − s)
            double byFirst = t * after[j] - (1 - t) * before[j], bySecond = s * after[j] - (1 - s) * before[j];
            gradient[0] -= weights[j] * Steepness * (slope * byFirst + other * bySecond);
            gradient[1] += weights[j] * Steepness * (slope * away * byFirst + other * distance * bySecond);
            before[j] = weights[j] * (1 - s) * (1 - t);
            after[j] = weights[j] * s * t;
        }
        Before.AddGradient(row, before, gradient.Slice(2, Before.ParameterCount));
        After.AddGradient(row, after, gradient[(2 + Before.ParameterCount)..]);
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var first = new Scratch(row.Count);
        using var second = new Scratch(row.Count);
        Span<double> before = first.Span, after = second.Span;
        Before.Row(row, before);
        After.Row(row, after);
        double s = Share(row.X[Dim]), slope = Steepness * s * (1 - s);
        var others = row.Others(Dim);
        for (int j = 0; j < before.Length; j++)
        {
            double t = Share(others[j]);
            gradient[Dim] += weights[j] * slope * (t * after[j] - (1 - t) * before[j]);
            before[j] = weights[j] * (1 - s) * (1 - t);
            after[j] = weights[j] * s * t;
        }
        Before.AddInputGradient(row, before, gradient);
        After.AddInputGradient(row, after, gradient);
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => Mix(x, Before.Diagonal(x), After.Diagonal(x));

    /// <inheritdoc/>
    public override double WhiteDiagonal(ReadOnlySpan<double> x) =>
        Mix(x, Before.WhiteDiagonal(x), After.WhiteDiagonal(x));

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        double s = Share(x[Dim]);
        double byShare = 2 * (s * After.Diagonal(x) - (1 - s) * Before.Diagonal(x)) * s * (1 - s) * Steepness;
        gradient[0] -= weight * byShare;
        gradient[1] += weight * byShare * (x[Dim] - Location);
        Before.AddDiagonalGradient(x, weight * (1 - s) * (1 - s), gradient.Slice(2, Before.ParameterCount));
        After.AddDiagonalGradient(x, weight * s * s, gradient[(2 + Before.ParameterCount)..]);
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        (free[0], free[1]) = (Location, Math.Log(Steepness));
        Before.GetFreeParameters(free[2..]);
        After.GetFreeParameters(free[(2 + Before.ParameterCount)..]);
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free) => this with
    {
        Location = free[0],
        Steepness = Math.Exp(free[1]),
        Before = Before.With(free.Slice(2, Before.ParameterCount)),
        After = After.With(free[(2 + Before.ParameterCount)..]),
    };

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features) => Dim >= 0 && Dim < features
        ? this with { Before = Before.ForFeatures(features), After = After.ForFeatures(features) }
        : throw new ArgumentException(
            $"The change point is in feature {Dim}, but there are {features}, counted from 0.", nameof(features));

    /// <inheritdoc/>
    public override Kernel Over(KernelVector<int> dims) => this with { Before = Before.Over(dims), After = After.Over(dims) };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"changepoint({Before}, {After}, location={Location:R}, steepness={Steepness:R}, dim={Dim})");

    internal override (int Feature, string Must)? Fault(ReadOnlySpan<double> x) => Before.Fault(x) ?? After.Fault(x);

    private double Share(double x) => 1 / (1 + Math.Exp(-Steepness * (x - Location)));

    private double Mix(ReadOnlySpan<double> x, double before, double after)
    {
        double s = Share(x[Dim]);
        return (1 - s) * (1 - s) * before + s * s * after;
    }
}
