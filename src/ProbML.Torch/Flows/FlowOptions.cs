namespace ProbML.Flows;

/// <summary>How a normalizing flow is built and trained.</summary>
public sealed record FlowOptions
{
    /// <summary>What its layers are.</summary>
    public FlowKind Kind { get; init; }

    /// <summary>Layers; null: 8 of RealNVP, 1 of continuous flows, 5 of the others.</summary>
    public int? Layers { get; init; }

    /// <summary>Units of the hidden layers of each layer's network.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>The nonlinearity between them; that of continuous flows is tanh, for they must be smooth.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether hidden layers of one width add their input to their output.</summary>
    public bool Residual { get; init; }

    /// <summary>The spline of the neural spline kinds.</summary>
    public SplineTransform Spline { get; init; } = new RationalQuadraticSpline();

    /// <summary>The bound of an affine layer's log-scale; null: 2 of RealNVP, 5 of autoregressive layers.</summary>
    public double? LogScaleBound { get; init; }

    /// <summary>What continuous flows have besides.</summary>
    public ContinuousFlowOptions Continuous { get; init; } = new();

    /// <summary>What stands between the layers.</summary>
    public FlowMixing Mixing { get; init; }

    /// <summary>A learned scale and shift before each layer.</summary>
    public FlowNormalization Normalization { get; init; }

    /// <summary>The density of the noise.</summary>
    public FlowNoise Noise { get; init; }

    /// <summary>Components of <see cref="FlowNoise.GaussianMixture"/>.</summary>
    public int MixtureComponents { get; init; } = 8;

    /// <summary>What a column goes through first, by name; the others are standardized.</summary>
    public IReadOnlyDictionary<string, ColumnPreprocessing> Preprocessing { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<string, ColumnPreprocessing>.Empty;

    /// <summary>
    /// Whether a column of whole numbers alone is one of counts: trained with uniform noise added anew in each step, it
    /// stands for the cell [x, x + 1), whose probability is in ln p(x). Without, the density of such a column has no bound.
    /// </summary>
    /// <remarks>Uria, Murray &amp; Larochelle (2013), §4.2; Theis, van den Oord &amp; Bethge (2016), §3.1.</remarks>
    public bool FindsCounts { get; init; } = true;

    /// <summary>The columns beside the noise.</summary>
    public FlowColumns Columns { get; init; } = FlowColumns.LogDensity;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new()
    {
        Epochs = 40,
        BatchSize = 256,
        ClipNorm = 5,
        ValidationFraction = 0.1,
        Schedule = LearningRateSchedule.Cosine(),
    };

    internal int LayerCount => Layers ?? Kind switch { FlowKind.RealNvp => 8, FlowKind.Continuous => 1, _ => 5 };

    internal bool IsAutoregressive =>
        Kind is FlowKind.MaskedAutoregressive or FlowKind.NeuralSplineAutoregressive or FlowKind.InverseAutoregressive;

    internal bool HasCircles => Preprocessing.Values.Any(way => way.IsCircular);

    internal FlowMixing UsualMixing => Mixing != FlowMixing.Usual ? Mixing
        : IsAutoregressive ? FlowMixing.Reverse
        : Kind == FlowKind.NeuralSpline ? FlowMixing.LuLinear
        : FlowMixing.None;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        Check(Enum.IsDefined(Kind), $"Kind has no value {(int)Kind}.", nameof(Kind));
        Check(Layers is null or >= 1, $"Layers must be at least 1, but is {Layers}.", nameof(Layers));
        Check(Enum.IsDefined(Activation), $"Activation has no value {(int)Activation}.", nameof(Activation));
        Check(
            LogScaleBound is null or (> 0 and < double.PositiveInfinity),
            $"LogScaleBound must be above 0, but is {LogScaleBound}.",
            nameof(LogScaleBound));
        Check(Enum.IsDefined(Mixing), $"Mixing has no value {(int)Mixing}.", nameof(Mixing));
        Check(Enum.IsDefined(Normalization), $"Normalization has no value {(int)Normalization}.", nameof(Normalization));
        Check(Enum.IsDefined(Noise), $"Noise has no value {(int)Noise}.", nameof(Noise));
        Check(
            MixtureComponents >= 1, $"MixtureComponents must be at least 1, but is {MixtureComponents}.", nameof(MixtureComponents));
        Check(
            !Columns.HasFlag(FlowColumns.ConditionalLogDensity)
                || (IsAutoregressive && Mixing == FlowMixing.None && Noise != FlowNoise.GaussianMixture),
            "ConditionalLogDensity needs layers that keep the columns' order: choose an autoregressive Kind, Mixing = None and "
                + "a noise of independent columns.",
            nameof(Columns));
        new MultilayerPerceptronOptions { HiddenSizes = Hidden }.Validate();
        ArgumentNullException.ThrowIfNull(Spline);
        Spline.Validate();
        Check(
            Spline is not RationalQuadraticSpline { IsCircular: true },
            "Spline is that of columns on the line: leave out IsCircular, and name angles by Preprocessing = ColumnPreprocessing.Circular(period).",
            nameof(Spline));
        ArgumentNullException.ThrowIfNull(Continuous);
        Continuous.Validate();
        ArgumentNullException.ThrowIfNull(Preprocessing);
        Check(
            !HasCircles || Kind != FlowKind.Continuous,
            "A continuous flow has no circular columns: choose another Kind, or another preprocessing.",
            nameof(Kind));
        Check(
            !HasCircles || Mixing != FlowMixing.LuLinear,
            "A linear map mixes angles with what is none: with circular columns choose Mixing = Usual, None, Reverse or Random.",
            nameof(Mixing));
        Check(
            !HasCircles || Normalization == FlowNormalization.None,
            "Angles are not scaled: with circular columns choose Normalization = None.",
            nameof(Normalization));
        ArgumentNullException.ThrowIfNull(Training);
        Training.Validate();
    }

    private static void Check(bool holds, string message, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }
}
