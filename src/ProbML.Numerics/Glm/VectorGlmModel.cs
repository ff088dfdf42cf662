using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// What fitted multinomial, ordinal and Tobit models have in common: vector generalized linear models, whose response
/// follows several linear predictors, or one and further constants, fitted by maximum likelihood.
/// </summary>
/// <remarks>
/// <see cref="GlmProfile"/>, <see cref="GlmRobust"/>, <see cref="GlmTermTests"/> and <see cref="GlmDelta"/> start from one.
/// Yee (2015), Vector Generalized Linear and Additive Models, §3.
/// </remarks>
public abstract class VectorGlmModel : IFittedModel
{
    private readonly VectorCoefficients shown;

    private protected VectorGlmModel(VectorModelParts parts, VectorCoefficients shown)
    {
        (Parts, this.shown) = (parts, shown);
        (Coefficients, Covariance) = parts.Report(shown);
        if (parts.Robust is { } part)
            Robust = new RobustCovariance(
                part.Name, part.Clusters, part.DegreesOfFreedom, parts.Covariance, Covariance, Coefficients);
    }

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>
    /// The coefficients, aliased ones in their places. Multinomial: class after class, "class: column". Ordinal: the
    /// thresholds, "threshold:low|high", first. Tobit: "log(sigma)" last.
    /// </summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>
    /// The covariance of the coefficients that are not aliased, [p, p]: the inverse of the observed information, plus the
    /// penalty where there is one (Laplace's approximation to the posterior), or the sandwich that the model keeps.
    /// </summary>
    public double[,] Covariance { get; }

    /// <summary>The sandwich covariance that the model keeps; null: it has its own.</summary>
    public RobustCovariance? Robust { get; }

    /// <summary>Likelihood, AIC and so on; the parameters count thresholds and σ.</summary>
    public LikelihoodStatistics Statistics => Parts.Statistics;

    /// <summary>Whether the fit reached its optimum.</summary>
    public bool Converged => Statistics.Status == GlmStatus.Converged;

    /// <summary>Whether there is a penalty.</summary>
    public bool IsPenalised => Parts.L2 > 0;

    /// <summary>The level of its intervals.</summary>
    public double Level => Parts.Level;

    /// <summary>The number of features, d.</summary>
    public int FeatureCount => Parts.FeatureNames.Length;

    /// <summary>The rows that are best scored at once.</summary>
    public int BlockSize { get; } = IScoredRows.Capacity;

    bool IFittedModel.IsDispersionKnown => true;

    long IFittedModel.ResidualDegreesOfFreedom => Statistics.ResidualDegreesOfFreedom;

    long IFittedModel.WaldDegreesOfFreedom => Statistics.ResidualDegreesOfFreedom;

    long IFittedModel.PositiveRows => Statistics.PositiveRows;

    long IFittedModel.Rows => Statistics.Rows;

    internal VectorModelParts Parts { get; }

    /// <summary>The distribution.</summary>
    internal abstract IVectorResponse Response { get; }

    /// <summary>The first of z's columns that has a coefficient.</summary>
    internal virtual int First => 0;

    /// <summary>How many threads share a pass.</summary>
    internal abstract int? Threads { get; }

    /// <summary>Q of the penalty ½ b'Qb, [P, P].</summary>
    internal abstract double[] Penalty();

    /// <summary>What another model differs in, so that the two cannot be compared; null: nothing.</summary>
    internal abstract string? DifferenceFrom(VectorGlmModel other);

    /// <summary>Rows seen at the estimates.</summary>
    internal VectorRows RowsAtEstimate() => new(Response, Parts.Transform, First, Parts.Scaled);

    /// <summary>The rows of T, each coefficient from b; null for aliased ones.</summary>
    internal double[]?[] Directions() => GlmInference.Directions(Coefficients, shown.Map, Parts.Scaled.Length);

    /// <summary>The sandwich with a meat, [P, P].</summary>
    internal RobustCovariance Sandwich(double[] meat, double factor, string name, long? clusters)
    {
        double[] bread = Parts.ModelCovariance, scaled = RobustPart.Sandwich(bread, meat, factor);
        long df = clusters - 1 ?? Statistics.ResidualDegreesOfFreedom;
        var (coefficients, covariance) = Parts.With(new RobustPart(name, clusters, df, bread), scaled).Report(shown);
        return new RobustCovariance(name, clusters, df, scaled, covariance, coefficients);
    }

    /// <summary>The parts with a sandwich for the covariance, or with the model's own again.</summary>
    internal VectorModelParts PartsWith(RobustCovariance? robust) => robust is null
        ? Parts.With(null, Parts.ModelCovariance)
        : Parts.With(robust.For(Coefficients, Parts.ModelCovariance), robust.Scaled);

    /// <summary>The one row of features given, checked.</summary>
    private protected RowBlock OneRow(ReadOnlySpan<double> features) => features.Length == FeatureCount
        ? new RowBlock(1, FeatureCount, features)
        : throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
}
