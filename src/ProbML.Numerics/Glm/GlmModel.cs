using ProbML.Fitting;

namespace ProbML;

/// <summary>A fitted generalized linear model: E(Y) = g⁻¹(β₀ + xᵀβ + offset), with the covariance of its coefficients.</summary>
/// <remarks>
/// Regression gives <c>Score</c> (the mean), <c>ScoreStandardDeviation</c> (√(φV(μ) + (μ′ se(η))²), of a new observation),
/// <c>ScoreStandardError</c> (of the mean), <c>LowerBound</c> and <c>UpperBound</c> (quantiles of the predictive distribution,
/// see <see cref="GlmPredictive"/>) and <c>LogDensity</c> of the label. Two classes give <c>Score</c> (η), <c>Probability</c>,
/// <c>ScoreStandardError</c> (of η), <c>ProbabilityLowerBound</c>, <c>ProbabilityUpperBound</c> and <c>LogDensity</c>.
/// </remarks>
[ModelKey("Glm")]
public sealed partial class GlmModel : IScoringModel<GlmModel>, ISparseScoringModel, IFittedModel
{
    private readonly GlmModelParts parts;
    private readonly GlmPredictive predictive;
    private readonly bool hasCovariance;
    private readonly SparsePrediction? sparse;

    internal GlmModel(GlmModelParts parts)
    {
        this.parts = parts;
        hasCovariance = parts.HasCovariance;
        sparse = parts.Sparse is null ? null : new SparsePrediction(parts.Transform, parts.Scaled, parts.Sparse.Main);
        predictive = new GlmPredictive(
            parts.Family,
            parts.Link,
            Statistics.Dispersion,
            Options.Dispersion.Value is null ? Statistics.ResidualDegreesOfFreedom : long.MaxValue,
            parts.Options.Level);
        Coefficients = GlmCoefficientTable.Build(parts);
    }

    long IFittedModel.ResidualDegreesOfFreedom => Statistics.ResidualDegreesOfFreedom;

    long IFittedModel.WaldDegreesOfFreedom => parts.WaldDegreesOfFreedom;

    long IFittedModel.PositiveRows => Statistics.PositiveRows;

    long IFittedModel.Rows => Statistics.Rows;

    /// <summary>What it consists of, for the inference that starts from a fit.</summary>
    internal GlmModelParts Parts => parts;

    /// <summary>What it is for.</summary>
    public PredictionTask Task => parts.Task;

    /// <summary>The family; the negative binomial's with its θ.</summary>
    public IFamily Family => parts.Family;

    /// <summary>The link.</summary>
    public ILinkFunction Link => parts.Link;

    /// <summary>The options it was fitted with.</summary>
    public GlmOptions Options => parts.Options;

    /// <summary>The level of its intervals.</summary>
    public double Level => parts.Options.Level;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => parts.ResponseName;

    /// <summary>The coefficients, the intercept first, aliased ones in their places.</summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>Deviance, likelihood, dispersion and so on.</summary>
    public GlmStatistics Statistics => parts.Statistics;

    /// <summary>Whether φ is known, by the family or because the options give it: statistics are then z, else t.</summary>
    public bool IsDispersionKnown => parts.IsDispersionKnown;

    /// <summary>Whether the fit reached its optimum.</summary>
    public bool Converged => Statistics.Status == GlmStatus.Converged;

    /// <summary>
    /// The covariance of the estimated (not aliased) coefficients, [p, p]: φ times the inverse of the expected information; of a
    /// penalised fit φ times the inverse of observed information plus penalty (Laplace's approximation to the posterior); the
    /// sandwich where the model keeps one; NaN where there is an L1 penalty.
    /// </summary>
    public double[,] Covariance => GlmCoefficientTable.ToOriginal(parts, parts.Covariance, Statistics.Dispersion);

    /// <summary>Why a fit to sparse features has no standard errors, or null.</summary>
    public string? CovarianceNote => parts.Sparse is { Missing.Length: > 0 } sparse ? sparse.Missing : null;

    /// <summary>The sandwich covariance that the model keeps; null: it has its own.</summary>
    public RobustCovariance? Robust => parts.Robust is { } part
        ? new(part.Name, part.Clusters, part.DegreesOfFreedom, parts.Covariance, Covariance, Coefficients)
        : null;

    /// <summary>φ times the inverse of the observed information, [p, p]; null where it equals <see cref="Covariance"/>.</summary>
    public double[,]? ObservedCovariance => parts.JointCovariance.Length > 0
        ? GlmCoefficientTable.WithoutTheta(JointCovarianceWithTheta!)
        : parts.ObservedCovariance.Length == 0
            ? null
            : GlmCoefficientTable.ToOriginal(parts, parts.ObservedCovariance, Statistics.Dispersion);

    /// <summary>The inverse of the observed information of (β, θ), [p + 1, p + 1], where θ was estimated; else null.</summary>
    public double[,]? JointCovarianceWithTheta => parts.JointCovariance.Length == 0
        ? null
        : GlmCoefficientTable.ToOriginalWithTheta(parts);

    /// <inheritdoc/>
    public int FeatureCount => parts.FeatureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public bool TakesSparseRows => sparse is not null;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => GlmColumns.Of(parts.Task);

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public GlmModel WithLevel(double level)
    {
        var options = parts.Options with { Level = level };
        options.Validate();
        return new GlmModel(parts with { Options = options });
    }

    /// <summary>
    /// The same model with a sandwich covariance in place of its own, in the table and in the standard errors and intervals of
    /// predictions; saved with the model. Null: with its own again.
    /// </summary>
    /// <exception cref="ArgumentException">The covariance is of another model.</exception>
    public GlmModel WithCovariance(RobustCovariance? robust) => robust is null && parts.Robust is null
        ? this
        : new(robust is null
            ? parts.With(null, parts.ModelCovariance)
            : parts.With(robust.For(Coefficients, parts.ModelCovariance), robust.Scaled));

    /// <summary>η and its standard error, NaN where it is not known, for a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    public (double Eta, double StandardError) LinearPredictor(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        Span<double> eta = stackalloc double[1], variance = stackalloc double[1];
        Predict(new RowBlock(1, FeatureCount, features, offsets: [offset]), eta, variance);
        return (eta[0], KnowsErrors ? Math.Sqrt(variance[0]) : double.NaN);
    }

    /// <summary>μ = g⁻¹(η), for a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    public double Mean(ReadOnlySpan<double> features, double offset = 0) =>
        parts.Link.Inverse(LinearPredictor(features, offset).Eta).Mean;

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count;
        using var rented = new RentedNumbers(2 * n);
        Span<double> eta = rented.Take(n), variance = rented.Take(n);
        Predict(rows, eta, outputs.WantsMoreThan(GlmColumns.Score) ? variance : default);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            if (double.IsNaN(eta[i]))
                row.Fill(float.NaN);
            else if (parts.Task == PredictionTask.Regression)
                predictive.Regression(eta[i], Math.Sqrt(variance[i]), rows.ResponseOrNaN(i), outputs, row);
            else
                predictive.Binary(eta[i], Math.Sqrt(variance[i]), rows.ResponseOrNaN(i), outputs, row);
            if (!KnowsErrors)
                Forget(row);
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        parts.Write(writer);
    }

    /// <inheritdoc/>
    public static GlmModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new GlmModel(GlmModelParts.Read(reader));
    }

    /// <summary>The summary, as R prints it.</summary>
    public override string ToString() => GlmTable.Print(this);

    /// <summary>Whether standard errors are known; without coefficients they are zero.</summary>
    private bool KnowsErrors => hasCovariance || parts.Transform.Width == 0;

    /// <summary>The columns that are not known without a covariance, as of an L1 fit: a new observation's interval is.</summary>
    private ReadOnlySpan<int> Unknown => parts.Task == PredictionTask.Regression
        ? [GlmColumns.StandardError]
        : [GlmColumns.StandardError, GlmColumns.ProbabilityLower, GlmColumns.ProbabilityUpper];

    private void Forget(Span<float> row)
    {
        foreach (int column in Unknown)
            row[column] = float.NaN;
    }

    /// <summary>η and, where wanted, Var(η̂) of each row; a variance that is not known counts as zero.</summary>
    private void Predict(in RowBlock rows, Span<double> eta, Span<double> variance)
    {
        if (sparse is null)
        {
            LinearPrediction.Rows(
                parts.Transform, parts.Scaled, hasCovariance ? parts.Covariance : [], rows, eta, variance);
        }
        else
        {
            sparse.Eta(rows, eta);
            if (!variance.IsEmpty && hasCovariance)
                sparse.Variances(rows, variance);
            for (int i = 0; i < rows.Count; i++)
                eta[i] += rows.Offset(i);
        }
        for (int i = 0; i < variance.Length; i++)
            variance[i] = hasCovariance ? Math.Max(0, variance[i] * Statistics.Dispersion) : 0;
    }
}
