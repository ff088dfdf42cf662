namespace ProbML.Vae;

/// <summary>Fits a variational autoencoder, and sets the Score above which a row is an anomaly.</summary>
public sealed class VaeAnomalyFitter : IFitter<VaeAnomalyModel>
{
    private readonly VaeAnomalyOptions options;
    private readonly VaeFitter fitter;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public VaeAnomalyFitter(VaeAnomalyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        fitter = new(options.Autoencoder);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => VaeAnomalyModel.Columns;

    /// <inheritdoc/>
    public bool TakesMissingValues => true;

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public VaeAnomalyModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var autoencoder = fitter.Fit(design, monitor);
        try
        {
            var uncalibrated = new VaeAnomalyModel(autoencoder, 0, options.Score);
            double[] scores = HeldOutScores.Of(
                uncalibrated, design, autoencoder.Receipt, options.Autoencoder.Training, monitor);
            return new(autoencoder, HeldOutScores.Threshold(scores, options.FalseAlarmRate), options.Score);
        }
        catch
        {
            autoencoder.Dispose();
            throw;
        }
    }
}
