namespace ProbML.GaussianProcesses;

/// <summary>The arc-cosine kernel: an infinitely wide layer of units that are steps, ramps or squared ramps.</summary>
/// <remarks>
/// k = (v/π) (a b)^(n/2) Jₙ(θ) with a = ⟨x, x⟩, b = ⟨z, z⟩, c = ⟨x, z⟩ = w Σ x_d z_d + β and cos θ = c/√(ab). J₀ = π − θ,
/// J₁ = sin θ + (π − θ) cos θ, J₂ = 3 sin θ cos θ + (π − θ)(1 + 2 cos² θ). Cho &amp; Saul (2009), eqs. 3–7.
/// </remarks>
public sealed record ArcCosineKernel : FeatureKernel
{
    private readonly double variance = 1, weightVariance = 1, biasVariance = 1;
    private readonly int order = 1;

    /// <summary>v &gt; 0.</summary>
    public double Variance
    {
        get => variance;
        init => variance = Positive(value, nameof(Variance));
    }

    /// <summary>w &gt; 0, of the weights of the layer.</summary>
    public double WeightVariance
    {
        get => weightVariance;
        init => weightVariance = Positive(value, nameof(WeightVariance));
    }

    /// <summary>β &gt; 0, of its biases.</summary>
    public double BiasVariance
    {
        get => biasVariance;
        init => biasVariance = Positive(value, nameof(BiasVariance));
    }

    /// <summary>n: 0 for steps, 1 for ramps (ReLU), 2 for squared ramps.</summary>
    public int Order
    {
        get => order;
        init => order = value is 0 or 1 or 2
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Order), value, "The order must be 0, 1 or 2.");
    }

    /// <inheritdoc/>
    public override int ParameterCount => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => ["variance", "weight_variance", "bias_variance"];

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        double a = Square(row.X);
        for (int j = 0; j < values.Length; j++)
        {
            var (b, c) = Products(row, j);
            values[j] = j == row.Self ? Diagonal(row.X) : At(a, b, c).Value;
        }
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        double a = Square(row.X);
        for (int j = 0; j < weights.Length; j++)
        {
            if (j == row.Self)
            {
                AddDiagonalGradient(row.X, weights[j], gradient);
                continue;
            }
            var (b, c) = Products(row, j);
            var (value, byA, byB, byC) = At(a, b, c);
            gradient[0] += weights[j] * value;
            gradient[1] += weights[j]
                * (byA * (a - BiasVariance) + byB * (b - BiasVariance) + byC * (c - BiasVariance));
            gradient[2] += weights[j] * BiasVariance * (byA + byB + byC);
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        double a = Square(row.X);
        for (int j = 0; j < weights.Length; j++)
        {
            var (b, c) = Products(row, j);
            var (_, byA, _, byC) = At(a, b, c);
            for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
                gradient[Feature(d)] += weights[j] * WeightVariance
                    * (2 * byA * row.X[Feature(d)] + byC * row.Others(Feature(d))[j]);
        }
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) =>
        Variance * Math.Pow(Square(x), Order) * (Order == 2 ? 3 : 1);

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        double a = Square(x), value = weight * Diagonal(x);
        gradient[0] += value;
        gradient[1] += value * Order * (a - BiasVariance) / a;
        gradient[2] += value * Order * BiasVariance / a;
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free) =>
        (free[0], free[1], free[2]) = (Math.Log(Variance), Math.Log(WeightVariance), Math.Log(BiasVariance));

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free) => this with
    {
        Variance = Math.Exp(free[0]), WeightVariance = Math.Exp(free[1]), BiasVariance = Math.Exp(free[2]),
    };

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
            WeightVariance == 1 ? null : Number("weight_variance", WeightVariance),
            BiasVariance == 1 ? null : Number("bias_variance", BiasVariance),
            Order == 1 ? null : Number("order", Order));
        return arguments.Length == 0 ? "arccosine" : $"arccosine({arguments})";
    }

    private double Square(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int d = 0, count = FeatureCount(x.Length); d < count; d++)
            sum += x[Feature(d)] * x[Feature(d)];
        return WeightVariance * sum + BiasVariance;
    }

    private (double B, double C) Products(in KernelRow row, int j)
    {
        double square = 0, product = 0;
        for (int d = 0, count = FeatureCount(row.Features); d < count; d++)
        {
            double z = row.Others(Feature(d))[j];
            square += z * z;
            product += z * row.X[Feature(d)];
        }
        return (WeightVariance * square + BiasVariance, WeightVariance * product + BiasVariance);
    }

    /// <summary>k and its derivatives with respect to a, b and c.</summary>
    private (double Value, double ByA, double ByB, double ByC) At(double a, double b, double c)
    {
        double root = Math.Sqrt(a * b), cosine = Math.Clamp(c / root, -1, 1);
        // θ from the chord: arccos loses half its digits near 1.
        double sine = Math.Sqrt(Math.Max(0, (1 - cosine) * (1 + cosine)));
        double theta = Math.Atan2(sine, cosine), left = Math.PI - theta;
        var (j, slope) = Order switch                                    // J, and −J′/sin θ
        {
            0 => (left, sine > 0 ? 1 / sine : 0),
            1 => (sine + left * cosine, left),
            _ => (3 * sine * cosine + left * (1 + 2 * cosine * cosine), 4 * sine + 4 * left * cosine),
        };
        double scale = Variance / Math.PI * Math.Pow(root, Order);
        return (
            scale * j,
            scale / (2 * a) * (Order * j - slope * cosine),
            scale / (2 * b) * (Order * j - slope * cosine),
            scale / root * slope);
    }
}
