using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using ProbML.Evaluation;
using ProbML.Fitting;

namespace ProbML;

/// <summary>A fitted Bayesian GLM: E(Y) = g⁻¹(β₀ + xᵀβ + offset), with the posterior of β and φ.</summary>
/// <remarks>
/// Predictions are averages over the posterior. Regression gives <c>Score</c> (the predictive mean), <c>LogDensity</c> of the label,
/// <c>ScoreStandardDeviation</c> and its parts <c>EpistemicStandardDeviation</c> (of μ) and <c>AleatoricStandardDeviation</c> (of Y
/// given μ), <c>LowerBound</c>, <c>UpperBound</c> (quantiles of a new observation). Two classes give <c>Score</c> (E η),
/// <c>Probability</c> (E μ), <c>LogDensity</c>, the two parts, <c>ProbabilityLowerBound</c>, <c>ProbabilityUpperBound</c> (the
/// central interval of μ) and <c>ScoreStandardError</c> (of η).
/// </remarks>
[ModelKey("BayesianGlm")]
public sealed partial class BayesianGlmModel : IScoringModel<BayesianGlmModel>
{
    private const int FormatVersion = 1;

    private readonly GlmPosterior posterior;
    private readonly PosteriorPredictive predictive;

    internal BayesianGlmModel(BayesianGlmParts parts, GlmPosterior posterior)
    {
        (Parts, this.posterior) = (parts, posterior);
        predictive = new(posterior, parts.Family, parts.Link);
        (Coefficients, Covariance, LogDispersion) = PosteriorTable.Describe(parts, posterior);
    }

    /// <summary>What it is for.</summary>
    public PredictionTask Task => Parts.Task;

    /// <summary>The family.</summary>
    public IFamily Family => Parts.Family;

    /// <summary>The link.</summary>
    public ILinkFunction Link => Parts.Link;

    /// <summary>How the posterior was found: "laplace", "nuts" and so on.</summary>
    public string InferenceName => Parts.InferenceName;

    /// <summary>The level of its intervals.</summary>
    public double Level => Parts.Level;

    /// <summary>The priors of the coefficients.</summary>
    public CoefficientPriors Priors => Parts.Priors;

    /// <summary>The prior of the dispersion; null: the family has none that is free.</summary>
    public DispersionPrior? DispersionPrior => Parts.Dispersion;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>The coefficients, the intercept first.</summary>
    public IReadOnlyList<BayesianCoefficient> Coefficients { get; }

    /// <summary>The posterior covariance of the coefficients, [p, p], the intercept first; zero for the mode alone.</summary>
    public double[,] Covariance { get; }

    /// <summary>ln φ (of the negative binomial −ln θ) where it is unknown; else null.</summary>
    public BayesianCoefficient? LogDispersion { get; }

    /// <summary>
    /// ln p(y | X): Laplace's or expectation propagation's approximation, or the variational lower bound; NaN with draws of chains, for the mode alone,
    /// and where a prior is improper.
    /// </summary>
    public double LogEvidence => posterior.LogEvidence;

    /// <summary>What the chains did; null where there are none.</summary>
    public SamplerDiagnostics? Diagnostics => posterior.Diagnostics;

    /// <summary>Whether the algorithm arrived: of draws, no divergence and every R̂ at most 1.01.</summary>
    public bool Converged => posterior.Converged;

    /// <summary>Rows of positive weight.</summary>
    public long Rows => Parts.Rows;

    /// <summary>How many draws of the posterior it holds; 0: it is a normal, or a point.</summary>
    public int DrawCount => posterior.Draws.Length / posterior.Dimension;

    /// <inheritdoc/>
    public int FeatureCount => Parts.FeatureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => BayesianColumns.Of(Parts.Task);

    internal BayesianGlmParts Parts { get; }

    internal GlmPosterior Posterior => posterior;

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public BayesianGlmModel WithLevel(double level)
    {
        GlmOptions.Check(level is > 0 and < 1, nameof(level), level, "must lie strictly between 0 and 1");
        return new(Parts with { Level = level }, posterior);
    }

    /// <summary>The draws of the coefficients, [S, p], the intercept first; null where the posterior is no sample.</summary>
    public double[,]? Draws() => DrawCount == 0 ? null : PosteriorTable.OriginalDraws(posterior);

    /// <summary>ln p(yᵢ | θₛ) of every row under draws of the posterior: what WAIC and PSIS-LOO are made of.</summary>
    /// <remarks>Of a normal posterior independent draws are taken, with a fixed seed; rows of weight zero are left out.</remarks>
    /// <param name="design">The rows the model was fitted to.</param>
    /// <param name="draws">At most so many draws.</param>
    /// <param name="monitor">Cancellation; null: none.</param>
    /// <exception cref="InvalidOperationException">Only the mode is known.</exception>
    public PointwiseLogLikelihood LogLikelihoods(Design design, int draws = 1000, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        return DrawnLikelihood.Of(posterior, Parts, design, draws, monitor ?? TrainingMonitor.None);
    }

    /// <summary>The posterior as a joint normal, a prior for the next fit; of draws their mean and covariance.</summary>
    /// <exception cref="InvalidOperationException">Only the mode is known.</exception>
    public JointNormalPrior ToPrior() => posterior.Covariance.Length == 0 && DrawCount == 0
        ? throw new InvalidOperationException("The posterior mode alone is no prior: it has no spread. Fit with Inference.Laplace.")
        : new([.. Coefficients.Select(c => c.Name)], [.. Coefficients.Select(c => c.Mean)], Covariance);

    /// <summary>The predictive distribution of a new observation, averaged over the posterior.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public PredictiveDistribution Predict(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        var transform = posterior.Transform;
        double[] z = new double[transform.Stride], scratch = new double[transform.Stride];
        transform.Apply(new RowBlock(1, FeatureCount, features), 0, 1, z, scratch);
        var drawn = new double[DrawCount];
        predictive.DrawnPredictors(z, 1, transform.Stride, drawn);
        var mixture = new PosteriorMixture(Family, Link);
        predictive.Fill(z.AsSpan(0, transform.Width), drawn, offset, fine: true, mixture);
        return new(mixture);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        const int Most = 32;                               // rows whose η under all draws are held at a time
        var transform = posterior.Transform;
        int stride = transform.Stride, draws = DrawCount, most = Math.Min(Most, rows.Count);
        using var rented = new RentedNumbers(most * (2 * stride + draws));
        Span<double> z = rented.Take(most * stride), scratch = rented.Take(most * stride), drawn = rented.Take(most * draws);
        using var mixture = new PosteriorMixture(Family, Link);
        for (int start = 0; start < rows.Count; start += Most)
        {
            int count = Math.Min(Most, rows.Count - start);
            transform.Apply(rows, start, count, z, scratch);
            drawn.Clear();
            predictive.DrawnPredictors(z, count, stride, drawn);
            for (int k = 0; k < count; k++)
                Fill(start + k, z.Slice(k * stride, stride), drawn.Slice(k * draws, draws), rows, outputs, mixture);
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        Parts.Write(writer);
        posterior.Write(writer);
    }

    /// <inheritdoc/>
    public static BayesianGlmModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "Bayesian GLM");
        var parts = BayesianGlmParts.Read(reader);
        var posterior = GlmPosterior.Read(reader);
        return posterior.Transform.FeatureCount == parts.FeatureNames.Length
            ? new(parts, posterior)
            : throw new FormatException("The Bayesian GLM's parts do not fit each other: the model is damaged.");
    }

    /// <summary>The posterior as a table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Bayesian {Family.Name} regression of {ResponseName}, {Link.Name} link, by {InferenceName}").AppendLine();
        BayesianTable.AppendCoefficients(LogDispersion is null ? Coefficients : [.. Coefficients, LogDispersion], Level, text);
        text.AppendLine();
        if (!double.IsNaN(LogEvidence))
            text.AppendLine(CultureInfo.InvariantCulture, $"Log evidence{(InferenceName.StartsWith("vi", StringComparison.Ordinal) ? ", at least" : "")}: {GlmTable.Number(LogEvidence)}");
        if (Diagnostics is { } d)
            text.AppendLine(CultureInfo.InvariantCulture, $"{d.Chains} chains of {d.DrawsPerChain} draws: largest R-hat {d.MaximumRHat:F3}, smallest bulk ESS {d.MinimumBulkEffectiveSize:F0}, tail ESS {d.MinimumTailEffectiveSize:F0}, divergences {d.Divergences}");
        text.Append(CultureInfo.InvariantCulture, $"Rows: {Rows}{(Converged ? "" : ", NOT CONVERGED")}");
        return text.ToString();
    }

    private void Fill(
        int i, ReadOnlySpan<double> z, ReadOnlySpan<double> drawn, in RowBlock rows, in OutputBlock outputs, PosteriorMixture mixture)
    {
        double offset = rows.Offset(i);
        var row = outputs.Row(i);
        if (!double.IsFinite(TensorPrimitives.Sum(z) + offset))
        {
            row.Fill(float.NaN);
            return;
        }
        predictive.Fill(z[..posterior.Transform.Width], drawn, offset, fine: false, mixture);
        BayesianColumns.Fill(Parts.Task, mixture, rows.ResponseOrNaN(i), Link, Level, outputs, row);
    }
}
