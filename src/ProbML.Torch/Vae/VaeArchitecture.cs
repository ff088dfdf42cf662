namespace ProbML.Vae;

/// <summary>The networks of a variational autoencoder between rows and latent vectors.</summary>
public abstract record VaeArchitecture
{
    private protected VaeArchitecture()
    {
    }

    /// <summary>The nonlinearity between layers.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    internal abstract void Validate();

    private protected static void CheckWidths(IReadOnlyList<int> widths, string name)
    {
        ArgumentNullException.ThrowIfNull(widths, name);
        if (widths.Any(width => width < 1))
            throw new ArgumentOutOfRangeException(
                name, $"{name} must be at least 1 each, but are {string.Join(", ", widths)}.");
    }
}

/// <summary>Multilayer perceptrons: the encoder has the hidden layers in their order, the decoder in the reverse.</summary>
public sealed record MlpArchitecture : VaeArchitecture
{
    /// <summary>Units of the hidden layers, from the data to the latent vector.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    internal override void Validate() => CheckWidths(Hidden, nameof(Hidden));
}

/// <summary>
/// Convolutions of 3×3 and stride 2, for features that are an image: channel by channel, each channel row by row, as
/// ExtractPixels gives them.
/// </summary>
public sealed record ConvolutionalArchitecture : VaeArchitecture
{
    /// <summary>Pixels from top to bottom.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels from left to right.</summary>
    public required int Width { get; init; }

    /// <summary>1 for grey levels, 3 for colours.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Filters of the convolutions, from the image to the latent vector; each halves height and width.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [32, 64];

    /// <summary>Units of the dense layers between the convolutions and the latent vector.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256];

    internal override void Validate()
    {
        CheckWidths([Height, Width, Channels], "Height, Width and Channels");
        CheckWidths(Filters, nameof(Filters));
        CheckWidths(Hidden, nameof(Hidden));
        if (Filters.Count == 0)
            throw new ArgumentOutOfRangeException(
                nameof(Filters), "A convolutional architecture needs one filter count or more; choose MlpArchitecture.");
    }
}
