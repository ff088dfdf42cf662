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
            return new(autoencoder, Threshold(Scores(uncalibrated, design, monitor)), options.Score);
        }
        catch
        {
            autoencoder.Dispose();
            throw;
        }
    }

    private double Threshold(List<float> scores)
    {
        scores.Sort();
        int place = (int)Math.Ceiling((1 - options.FalseAlarmRate) * (scores.Count + 1));
        return scores[Math.Clamp(place, 1, scores.Count) - 1];
    }

    /// <summary>The scores of the rows held out; of all rows where none are.</summary>
    private List<float> Scores(VaeAnomalyModel model, Design design, TrainingMonitor monitor)
    {
        var training = options.Autoencoder.Training;
        var receipt = model.Autoencoder.Receipt;
        var split = training.ValidationFraction > 0
            ? new RowSplit(receipt.Rows + receipt.ValidationRows, training.ValidationFraction, training.SeedOf(monitor))
            : null;
        var scores = new List<float>();
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        var outputs = new float[buffer.Capacity];
        var features = new double[buffer.Capacity * design.FeatureCount];
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            int kept = 0;
            for (int i = 0; i < buffer.Count; i++)
            {
                if (split?.Next() ?? true)
                    buffer.Block.Row(i).CopyTo(features.AsSpan(kept++ * design.FeatureCount));
            }
            model.Score(
                new(kept, design.FeatureCount, features.AsSpan(0, kept * design.FeatureCount)), new(outputs.AsSpan(0, kept), 1));
            scores.AddRange(outputs.AsSpan(0, kept));
            if (buffer.Count < buffer.Capacity)
                break;
        }
        return scores;
    }
}
