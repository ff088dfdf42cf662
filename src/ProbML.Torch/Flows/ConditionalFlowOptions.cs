namespace ProbML.Flows;

/// <summary>How a conditional flow p(y | x) is built and trained.</summary>
public sealed record ConditionalFlowOptions
{
    /// <summary>Splines, each between affine maps whose scale and shift depend on x as well.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>The spline.</summary>
    public SplineTransform Spline { get; init; } = new RationalQuadraticSpline();

    /// <summary>Units of the hidden layers of the network from x to all parameters.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>The nonlinearity between them.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>The probability that a hidden unit is dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>The probability of the interval from LowerBound to UpperBound, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Levels of quantiles to give in a column Quantiles, rising in (0, 1); none: there is no such column.</summary>
    public IReadOnlyList<double> QuantileLevels { get; init; } = [];

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new()
    {
        Epochs = 60,
        BatchSize = 128,
        ClipNorm = 5,
        ValidationFraction = 0.1,
        Schedule = LearningRateSchedule.Cosine(),
    };

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        if (Layers < 1)
            throw new ArgumentOutOfRangeException(nameof(Layers), $"Layers must be at least 1, but is {Layers}.");
        ArgumentNullException.ThrowIfNull(Spline);
        Spline.Validate();
        if (Spline is RationalQuadraticSpline { IsCircular: true })
            throw new ArgumentOutOfRangeException(nameof(Spline), "A label on the real line cannot have a circular Spline.");
        Network.Validate();
        if (!(Level is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Level), $"Level must lie in (0, 1), but is {Level}.");
        ArgumentNullException.ThrowIfNull(QuantileLevels);
        double before = 0;
        foreach (double level in QuantileLevels)
        {
            if (!(level > before && level < 1))
                throw new ArgumentOutOfRangeException(
                    nameof(QuantileLevels),
                    $"QuantileLevels must rise in (0, 1), but are {string.Join(", ", QuantileLevels)}.");
            before = level;
        }
        ArgumentNullException.ThrowIfNull(Training);
        Training.Validate();
    }

    internal MultilayerPerceptronOptions Network => new() { HiddenSizes = Hidden, Activation = Activation, Dropout = Dropout };
}
