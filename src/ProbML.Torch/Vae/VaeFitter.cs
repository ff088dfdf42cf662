namespace ProbML.Vae;

/// <summary>Fits a variational autoencoder: p(x) = ∫ p(x | z) p(z) dz with an encoder q(z | x) ≈ p(z | x).</summary>
/// <remarks>Trains with libtorch; the model that comes of it needs none. NaN is a feature that was not observed.</remarks>
public sealed class VaeFitter : IFitter<VaeModel>
{
    private readonly VaeOptions options;
    private readonly string outputColumnName;
    private readonly TorchTrainer trainer;

    /// <summary>Checks the options.</summary>
    /// <param name="options">How.</param>
    /// <param name="outputColumnName">The name of the column of latent means.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public VaeFitter(VaeOptions options, string outputColumnName = "Latent")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        options.Validate();
        (this.options, this.outputColumnName) = (options, outputColumnName);
        trainer = new(options.Training);
        Outputs = Parts(new(["x"], [new(Likelihoods.Gaussian, [0])]), new() { DataHash = "", Rows = 0 }, seed: 1).Outputs;
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    public bool TakesMissingValues => true;

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public VaeModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        TorchRuntime.EnsureLoaded();
        var (layout, statistics) = LayoutChoice.For(options, design, monitor);
        int seed = options.Training.SeedOf(monitor);
        using var network = VaeNetworks.Build(options, layout, statistics, seed);
        var receipt = trainer.Train(new VaeObjective(network, options), design, monitor);
        return VaeNetworks.ToModel(network, Parts(layout, receipt, seed));
    }

    private VaeModelParts Parts(LikelihoodLayout layout, TrainingReceipt receipt, int seed) => new()
    {
        Layout = layout,
        LatentSizes = [options.LatentSize, .. options.UpperLatentSizes],
        Covariance = options.Posterior,
        OutputColumnName = outputColumnName,
        Columns = options.Columns,
        Samples = options.ScoringSamples,
        Seed = seed,
        Receipt = receipt,
    };
}
