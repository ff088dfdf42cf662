namespace ProbML.GaussianProcesses;

/// <summary>A fitted Gaussian process: y ~ p(y | m + f(x)).</summary>
/// <remarks>
/// Gives <c>Score</c> (the predictive mean), <c>LogDensity</c> of the label, <c>ScoreStandardDeviation</c> (of a new observation)
/// and its two parts <c>EpistemicStandardDeviation</c> (of f, the latent function) and <c>AleatoricStandardDeviation</c> (the noise), and
/// <c>LowerBound</c> and <c>UpperBound</c>, quantiles of the predictive distribution. Two classes give <c>Score</c> (E f),
/// <c>Probability</c> (averaged over f), <c>LogDensity</c>, the two parts (of the probability), <c>ProbabilityLowerBound</c> and
/// <c>ProbabilityUpperBound</c> (the central interval of P(Y = 1 | f)) and <c>ScoreStandardError</c> (of f).
/// </remarks>
[ModelKey("GaussianProcess")]
public sealed partial class GaussianProcessModel : IScoringModel<GaussianProcessModel>
{
    private const int FormatVersion = 2;               // 1 had no acquisitions

    private readonly GaussianProcessFit fit;

    internal GaussianProcessModel(
        string[] featureNames, string responseName, string inference, double level, GaussianProcessFit fit)
    {
        (FeatureNames, ResponseName, Inference, Level, this.fit) = (featureNames, responseName, inference, level, fit);
        Hyperparameters = FittedHyperparameters.Of(fit, featureNames);
        var own = BayesianColumns.Of(Task);
        Outputs = fit.Acquisition is { } promised ? [.. own, .. promised.Outputs] : own;
    }

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The name of the response's column.</summary>
    public string ResponseName { get; }

    /// <summary>How the posterior was computed.</summary>
    public string Inference { get; }

    /// <summary>The level of the intervals.</summary>
    public double Level { get; }

    /// <summary>k with the hyperparameters found, of features as the process sees them: standardised, or as they are.</summary>
    public Kernel Kernel => fit.Posterior.Kernel;

    /// <summary>Hyperparameters of kernel, noise and mean.</summary>
    public IReadOnlyList<GaussianProcessHyperparameter> Hyperparameters { get; }

    /// <summary>What the fit came to.</summary>
    public GaussianProcessSummary Summary => fit.Summary;

    /// <summary>The posterior of the latent function, of features and in the unit of the target as the process sees them.</summary>
    public LatentPosterior Posterior => fit.Posterior;

    /// <inheritdoc/>
    public int FeatureCount => FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <summary>Regression, or two classes.</summary>
    public PredictionTask Task =>
        fit.Likelihood is BernoulliLikelihood ? PredictionTask.BinaryClassification : PredictionTask.Regression;

    /// <summary>p(y | f), with the parameters found.</summary>
    public GaussianProcessLikelihood Likelihood => fit.Likelihood;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The best value so far, which acquisition columns improve on, in the response's unit; null: there are no such columns.</summary>
    public double? Best => fit.Acquisition?.Best;

    /// <summary>The same model with acquisition columns that improve on another value.</summary>
    /// <param name="best">The best value so far, in the response's unit.</param>
    /// <exception cref="InvalidOperationException">It has no acquisition columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public GaussianProcessModel WithBest(double best)
    {
        GlmOptions.Check(double.IsFinite(best), nameof(best), best, "must be finite");
        return With((fit.Acquisition ?? throw new InvalidOperationException(
            "The model has no acquisition columns: name them in GaussianProcessOptions.Acquisition.")) with { Best = best });
    }

    internal GaussianProcessModel With(FittedAcquisition acquisition) =>
        new([.. FeatureNames], ResponseName, Inference, Level, fit with { Acquisition = acquisition });

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public GaussianProcessModel WithLevel(double level)
    {
        GlmOptions.Check(level is > 0 and < 1, nameof(level), level, "must lie strictly between 0 and 1");
        return new([.. FeatureNames], ResponseName, Inference, level, fit);
    }

    /// <summary>The mean and variance of the latent function m + f at inputs, in the response's unit.</summary>
    /// <param name="rows">[n, d], row-major.</param>
    /// <param name="mean">[n].</param>
    /// <param name="variance">[n]; empty: not wanted.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public void PredictLatent(ReadOnlySpan<double> rows, Span<double> mean, Span<double> variance)
    {
        fit.Posterior.Predict(Inputs(rows), mean, variance);
        double scale = fit.Scaling.TargetScale;
        for (int i = 0; i < mean.Length; i++)
            mean[i] = fit.Scaling.TargetShift + scale * mean[i];
        for (int i = 0; i < variance.Length; i++)
            variance[i] *= scale * scale;
    }

    /// <summary>The distribution of a new observation: E(Y), and of the latent function.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to the function.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public GaussianProcessPrediction Predict(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        var (response, latent, variance, shift) = Respond(features, offset);
        double scale = fit.Scaling.TargetScale;
        return new(
            shift + scale * response.Mean, scale * Math.Sqrt(response.Variance), shift + scale * latent, scale * Math.Sqrt(variance));
    }

    /// <summary>The joint covariance of the latent function at inputs, [n, n], in the response's unit squared.</summary>
    /// <param name="rows">[n, d], row-major.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public double[] Covariance(ReadOnlySpan<double> rows)
    {
        var covariance = fit.Posterior.Covariance(Inputs(rows));
        double scale = fit.Scaling.TargetScale * fit.Scaling.TargetScale;
        for (int i = 0; i < covariance.Length; i++)
            covariance[i] *= scale;
        return covariance;
    }

    /// <summary>Joint draws of the latent function at inputs: functions that agree with the data, [draws, n].</summary>
    /// <param name="rows">[n, d], row-major; memory and time grow with n² and n³.</param>
    /// <param name="draws">How many functions.</param>
    /// <param name="seed">One seed, one set of draws.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public double[] Sample(ReadOnlySpan<double> rows, int draws, int seed = 1)
    {
        var samples = fit.Posterior.Sample(Inputs(rows), draws, new Random(seed));
        for (int i = 0; i < samples.Length; i++)
            samples[i] = fit.Scaling.TargetShift + fit.Scaling.TargetScale * samples[i];
        return samples;
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        writer.Write(Inference);
        writer.Write(Level);
        fit.Likelihood.Write(writer);
        fit.Scaling.Write(writer);
        fit.Summary.Write(writer);
        fit.Posterior.Write(writer);
        writer.Write(fit.Acquisition is not null);
        fit.Acquisition?.Write(writer);
    }

    /// <inheritdoc/>
    public static GaussianProcessModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int version = reader.ReadVersion(FormatVersion, "Gaussian process");
        string[] names = reader.ReadStringArray("feature names");
        string response = reader.ReadString(), inference = reader.ReadString();
        double level = reader.ReadDouble();
        var likelihood = GaussianProcessLikelihood.Read(reader);
        var scaling = GaussianProcessScaling.Read(reader);
        var summary = GaussianProcessSummary.Read(reader);
        var posterior = LatentPosterior.Read(reader);
        var acquisition = version > 1 && reader.ReadBoolean() ? FittedAcquisition.Read(reader) : null;
        return posterior.Features == names.Length && scaling.Shift.Length == names.Length && scaling.Scale.Length == names.Length
            && (likelihood.LogNoise is null || likelihood.LogNoise.Features == names.Length)
            ? new(names, response, inference, level, new()
            {
                Posterior = posterior, Likelihood = likelihood, Scaling = scaling, Summary = summary, Acquisition = acquisition,
            })
            : throw new FormatException("The Gaussian process's parts do not fit each other: it is damaged.");
    }

    /// <summary>The hyperparameters as a table, and what the fit came to.</summary>
    public override string ToString() => GaussianProcessTable.Of(this);

    private InputColumns Inputs(ReadOnlySpan<double> rows)
    {
        double[] scaled = rows.ToArray();
        fit.Scaling.Apply(scaled);
        return InputColumns.FromRows(scaled, FeatureCount);
    }
}
