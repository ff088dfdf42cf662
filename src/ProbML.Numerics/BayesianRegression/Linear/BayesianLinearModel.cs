using System.Globalization;
using System.Text;
using ProbML.Fitting;

namespace ProbML;

/// <summary>A fitted Bayesian linear regression: y ~ N(β₀ + xᵀβ + offset, σ²/ω), with the posterior of β and σ².</summary>
/// <remarks>
/// Gives <c>Score</c> (the predictive mean), <c>LogDensity</c> of the label, <c>ScoreStandardDeviation</c> (of a new observation of
/// weight one) and its two parts <c>EpistemicStandardDeviation</c> (of xᵀβ) and <c>AleatoricStandardDeviation</c> (σ), and
/// <c>LowerBound</c> and <c>UpperBound</c>, quantiles of the predictive distribution: normal, or Student t where σ² has a prior.
/// </remarks>
[ModelKey("BayesianLinear")]
public sealed partial class BayesianLinearModel : IScoringModel<BayesianLinearModel>
{
    private const int FormatVersion = 1;

    private readonly LinearPosterior posterior;
    private readonly double quantile;

    internal BayesianLinearModel(
        BayesianLinearOptions options, string[] featureNames, string responseName, LinearMoments moments, LinearPosterior posterior)
    {
        (Options, FeatureNames, ResponseName, Moments, this.posterior) = (options, featureNames, responseName, moments, posterior);
        quantile = StudentT.Quantile(0.5 + options.Level / 2, posterior.DegreesOfFreedom);
        double[] t = posterior.Transform.ToOriginal(out int rows);
        int q = posterior.Transform.Width;
        double[,] scale = GlmCoefficientTable.Sandwich(t, q, posterior.Covariance, 1);
        Coefficients = Describe(t, scale);
        Covariance = GlmCoefficientTable.Sandwich(t, q, posterior.Covariance, posterior.VarianceFactor);
    }

    /// <summary>The options it was fitted with.</summary>
    public BayesianLinearOptions Options { get; }

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The name of the response's column.</summary>
    public string ResponseName { get; }

    /// <summary>The coefficients, the intercept first.</summary>
    public IReadOnlyList<BayesianCoefficient> Coefficients { get; }

    /// <summary>The posterior covariance of the coefficients, [p, p], the intercept first; zero for pruned ones.</summary>
    public double[,] Covariance { get; }

    /// <summary>ln p(y | X); NaN where a prior is improper.</summary>
    public double LogEvidence => posterior.LogEvidence;

    /// <summary>γ, how many coefficients the data determine rather than the prior.</summary>
    public double EffectiveParameters => posterior.EffectiveParameters;

    /// <summary>ν of the posterior and of predictions: 2a_N with an inverse-gamma prior; +∞: they are normal.</summary>
    public double DegreesOfFreedom => posterior.DegreesOfFreedom;

    /// <summary>E(σ² | y); +∞ where that has no mean.</summary>
    public double NoiseVariance => posterior.Noise * posterior.VarianceFactor;

    /// <summary>The noise precision 1/σ², given or of maximum evidence; with an inverse-gamma prior a_N/b_N, its mean.</summary>
    public double NoisePrecision => 1 / posterior.Noise;

    /// <summary>The precision α of the coefficients' prior that the evidence chose; null where they have none in common.</summary>
    public double? PriorPrecision => double.IsNaN(posterior.PriorPrecision) ? null : posterior.PriorPrecision;

    /// <summary>Whether the hyperparameters reached their optimum.</summary>
    public bool Converged => posterior.Converged;

    /// <summary>Rows of positive weight.</summary>
    public long Rows => Moments.Count;

    /// <inheritdoc/>
    public int FeatureCount => FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => BayesianColumns.Of(PredictionTask.Regression);

    internal LinearMoments Moments { get; }

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public BayesianLinearModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(options, [.. FeatureNames], ResponseName, Moments, posterior);
    }

    /// <summary>The posterior of the coefficients as a joint normal, a prior for a <c>BayesianGlm</c>.</summary>
    /// <exception cref="InvalidOperationException">The posterior is no normal: columns were pruned, or σ² has a prior.</exception>
    public JointNormalPrior ToPrior() => Coefficients.Any(c => c.IsPruned) || !double.IsPositiveInfinity(DegreesOfFreedom)
        ? throw new InvalidOperationException("Only a normal posterior of all coefficients can be a joint normal prior.")
        : new([.. Coefficients.Select(c => c.Name)], [.. Coefficients.Select(c => c.Mean)], Covariance);

    /// <summary>The predictive distribution of a new observation: a Student t, normal for infinite degrees of freedom.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to the mean.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public LinearPredictive Predict(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        Span<double> eta = stackalloc double[1], variance = stackalloc double[1];
        LinearPrediction.Rows(
            posterior.Transform, posterior.Mean, posterior.Covariance, new RowBlock(1, FeatureCount, features, offsets: [offset]),
            eta, variance);
        return Predictive(eta[0], variance[0]);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count;
        using var rented = new RentedNumbers(2 * n);
        Span<double> eta = rented.Take(n), variance = rented.Take(n);
        LinearPrediction.Rows(
            posterior.Transform, posterior.Mean, posterior.Covariance, rows, eta,
            outputs.WantsMoreThan(BayesianColumns.Score) ? variance : default);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            if (double.IsNaN(eta[i]))
            {
                row.Fill(float.NaN);
                continue;
            }
            row[BayesianColumns.Score] = (float)eta[i];
            if (!outputs.WantsMoreThan(BayesianColumns.Score))
                continue;
            var predictive = Predictive(eta[i], variance[i]);
            double half = quantile * predictive.Scale;
            row[BayesianColumns.StandardDeviation] = (float)predictive.StandardDeviation;
            row[BayesianColumns.Epistemic] = (float)predictive.Epistemic;
            row[BayesianColumns.Aleatoric] = (float)predictive.Aleatoric;
            (row[BayesianColumns.Lower], row[BayesianColumns.Upper]) = ((float)(eta[i] - half), (float)(eta[i] + half));
            if (outputs.Wants(BayesianColumns.LogDensity))
                row[BayesianColumns.LogDensity] = (float)predictive.LogDensity(rows.ResponseOrNaN(i));
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        Options.Inference.Write(writer);
        writer.Write(Options.Intercept);
        writer.Write(Options.Level);
        writer.Write(Options.MaximumIterations);
        writer.Write(Options.Tolerance);
        SavedPriors.Write(writer, Options.Priors);
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        Moments.Write(writer);
        posterior.Write(writer);
    }

    /// <inheritdoc/>
    public static BayesianLinearModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "Bayesian linear model");
        var options = new BayesianLinearOptions
        {
            Inference = LinearInference.Read(reader),
            Intercept = reader.ReadBoolean(),
            Level = reader.ReadDouble(),
            MaximumIterations = reader.ReadInt32(),
            Tolerance = reader.ReadDouble(),
            Priors = SavedPriors.Read(reader),
        };
        options.Validate();
        string[] names = reader.ReadStringArray("feature names");
        string response = reader.ReadString();
        var moments = LinearMoments.Read(reader);
        var posterior = LinearPosterior.Read(reader);
        return moments.FeatureCount == names.Length && posterior.Transform.FeatureCount == names.Length
            ? new(options, names, response, moments, posterior)
            : throw new FormatException("The Bayesian linear model's parts do not fit each other: it is damaged.");
    }

    /// <summary>The posterior as a table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Bayesian linear regression of {ResponseName}, {Options.Inference}").AppendLine();
        BayesianTable.AppendCoefficients(Coefficients, Options.Level, text);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Noise standard deviation: {GlmTable.Number(Math.Sqrt(NoiseVariance))}");
        if (PriorPrecision is { } precision)
            text.AppendLine(CultureInfo.InvariantCulture, $"Prior precision of the coefficients: {GlmTable.Number(precision)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Log evidence: {GlmTable.Number(LogEvidence)}, effective parameters: {GlmTable.Number(EffectiveParameters)}");
        text.Append(CultureInfo.InvariantCulture, $"Rows: {Rows}{(Converged ? "" : ", NOT CONVERGED")}");
        return text.ToString();
    }

    private LinearPredictive Predictive(double mean, double variance) =>
        new(mean, Math.Max(0, variance), posterior.Noise, posterior.DegreesOfFreedom);

    private BayesianCoefficient[] Describe(double[] t, double[,] scale)
    {
        int first = Options.Intercept ? 1 : 0, q = posterior.Transform.Width;
        var coefficients = new BayesianCoefficient[first + FeatureNames.Count];
        for (int i = 0; i < coefficients.Length; i++)
        {
            double mean = System.Numerics.Tensors.TensorPrimitives.Dot<double>(t.AsSpan(i * q, q), posterior.Mean);
            double spread = Math.Sqrt(scale[i, i]), half = quantile * spread;
            double? relevance = i >= first && posterior.Relevances.Length > 0 ? posterior.Relevances[i - first] : null;
            coefficients[i] = new(
                i < first ? BayesianCoefficient.Intercept : FeatureNames[i - first],
                mean, spread * Math.Sqrt(posterior.VarianceFactor), mean, mean - half, mean + half)
            {
                PriorPrecision = relevance,
                IsPruned = relevance is { } value && double.IsPositiveInfinity(value),
            };
        }
        return coefficients;
    }
}
