using System.Globalization;
using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// Sandwich covariances, valid where the variance function or the independence of rows is wrong and the mean is right:
/// A⁻¹ (Σ uᵢuᵢᵀ) A⁻¹ with the rows' scores uᵢ and the information A.
/// </summary>
/// <remarks>
/// Huber (1967); White (1980); Long &amp; Ervin (2000) for HC2 and HC3; Liang &amp; Zeger (1986) for clusters. Of a GLM
/// uᵢ = wᵢ (yᵢ − μᵢ) μᵢ′/Vᵢ xᵢ and A = XᵀWX, the expected information; the negative binomial's θ counts as known. Of
/// multinomial, ordinal and Tobit models uᵢ = wᵢ ∂ ln p(yᵢ)/∂(all parameters) and A is the observed information (with the
/// penalty, where there is one). A row of weight w is one row whose score counts w-fold, as in R's <c>sandwich</c> package.
/// One pass over the rows. A model keeps a sandwich, saved with it, by its <c>WithCovariance</c>.
/// </remarks>
public static class GlmRobust
{
    /// <summary>HC0 to HC3.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="kind">Which of them; HC3 is the best choice for small samples.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the model no covariance.</exception>
    /// <exception cref="InvalidOperationException">The design has not the rows of the fit.</exception>
    public static RobustCovariance Covariance(
        Design design, GlmModel model, RobustKind kind = RobustKind.HC1, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        FittedRows.CheckCovariance(model);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind must be HC0, HC1, HC2 or HC3.");
        var meat = design.Sum(() => new ScoreProducts(model, kind), monitor ?? TrainingMonitor.None, model.Options.NumberOfThreads);
        GlmInference.CheckRows(meat.PositiveRows, model);
        return Build(model, meat.Sum, RowFactor(kind, model), kind.ToString());
    }

    /// <summary>HC0 or HC1 of a multinomial, ordinal or Tobit model.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="kind">HC0 or HC1; leverages, which HC2 and HC3 ask for, are those of one linear predictor.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the model no covariance.</exception>
    /// <exception cref="InvalidOperationException">The design has not the rows of the fit.</exception>
    public static RobustCovariance Covariance(
        Design design, VectorGlmModel model, RobustKind kind = RobustKind.HC1, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        GlmInference.CheckCovariance(model, model.Parts.ModelCovariance);
        if (kind is not (RobustKind.HC0 or RobustKind.HC1))
            throw new ArgumentOutOfRangeException(
                nameof(kind), kind, "The kind must be HC0 or HC1: HC2 and HC3 are defined for a single linear predictor.");
        var meat = design.Sum(() => new VectorScoreProducts(model.RowsAtEstimate()), monitor ?? TrainingMonitor.None, model.Threads);
        GlmInference.CheckRows(meat.PositiveRows, model);
        return model.Sandwich(meat.Products(), RowFactor(kind, model), kind.ToString(), null);
    }

    /// <summary>Cluster-robust: rows of a cluster may depend on each other, clusters may not.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="clusterOfRow">The label of the cluster of the row with a (one-based) number; called by several threads.</param>
    /// <param name="correction">The correction for few clusters.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the model no covariance.</exception>
    /// <exception cref="InvalidOperationException">The design has not the rows of the fit, or fewer than two clusters.</exception>
    public static RobustCovariance ClusterCovariance(
        Design design,
        GlmModel model,
        Func<long, long> clusterOfRow,
        ClusterCorrection correction = ClusterCorrection.GroupsAndRows,
        TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        FittedRows.CheckCovariance(model);
        var scores = Scores(design, model, () => new FittedRows(model), clusterOfRow, model.Options.NumberOfThreads, monitor);
        long clusters = scores.Clusters.Count;
        return Build(model, scores.Products(), ClusterFactor(correction, clusters, model), "cluster", clusters);
    }

    /// <inheritdoc cref="ClusterCovariance(Design, GlmModel, Func{long, long}, ClusterCorrection, TrainingMonitor?)"/>
    public static RobustCovariance ClusterCovariance(
        Design design,
        VectorGlmModel model,
        Func<long, long> clusterOfRow,
        ClusterCorrection correction = ClusterCorrection.GroupsAndRows,
        TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        GlmInference.CheckCovariance(model, model.Parts.ModelCovariance);
        var scores = Scores(design, model, model.RowsAtEstimate, clusterOfRow, model.Threads, monitor);
        long clusters = scores.Clusters.Count;
        return model.Sandwich(scores.Products(), ClusterFactor(correction, clusters, model), "cluster", clusters);
    }

    /// <summary>Cluster-robust, from a label for each row, [n], by the row's place in the design's source.</summary>
    /// <exception cref="ArgumentException">There are fewer labels than rows, besides what the other overload throws.</exception>
    public static RobustCovariance ClusterCovariance(
        Design design,
        GlmModel model,
        IReadOnlyList<int> clusters,
        ClusterCorrection correction = ClusterCorrection.GroupsAndRows,
        TrainingMonitor? monitor = null) => ClusterCovariance(design, model, Labels(clusters), correction, monitor);

    /// <inheritdoc cref="ClusterCovariance(Design, GlmModel, IReadOnlyList{int}, ClusterCorrection, TrainingMonitor?)"/>
    public static RobustCovariance ClusterCovariance(
        Design design,
        VectorGlmModel model,
        IReadOnlyList<int> clusters,
        ClusterCorrection correction = ClusterCorrection.GroupsAndRows,
        TrainingMonitor? monitor = null) => ClusterCovariance(design, model, Labels(clusters), correction, monitor);

    private static Func<long, long> Labels(IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        return row => row >= 1 && row <= clusters.Count
            ? clusters[(int)(row - 1)]
            : throw new ArgumentException($"There are {clusters.Count} cluster labels, but none for row {row}.", nameof(clusters));
    }

    private static ClusterScores Scores(
        Design design,
        IFittedModel model,
        Func<IScoredRows> rows,
        Func<long, long> clusterOfRow,
        int? threads,
        TrainingMonitor? monitor)
    {
        ArgumentNullException.ThrowIfNull(clusterOfRow);
        var scores = design.Sum(() => new ClusterScores(rows(), clusterOfRow), monitor ?? TrainingMonitor.None, threads);
        GlmInference.CheckRows(scores.PositiveRows, model);
        if (scores.Clusters.Count < 2)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"There is {scores.Clusters.Count} cluster; a cluster-robust covariance needs two at least, and many to be trusted."));
        return scores;
    }

    private static double RowFactor(RobustKind kind, IFittedModel model) =>
        kind == RobustKind.HC1 ? model.PositiveRows / (double)model.ResidualDegreesOfFreedom : 1;

    private static double ClusterFactor(ClusterCorrection correction, double clusters, IFittedModel model) => correction switch
    {
        ClusterCorrection.None => 1,
        ClusterCorrection.Groups => clusters / (clusters - 1),
        ClusterCorrection.GroupsAndRows =>
            clusters / (clusters - 1) * ((model.PositiveRows - 1.0) / model.ResidualDegreesOfFreedom),
        _ => throw new ArgumentOutOfRangeException(nameof(correction), correction, "It must be one of the enumeration's values."),
    };

    private static RobustCovariance Build(GlmModel model, double[] meat, double factor, string name, long? clusters = null)
    {
        double phi = model.Statistics.Dispersion;
        double[] bread = model.Parts.ModelCovariance;
        double[] scaled = RobustPart.Sandwich(bread, meat, phi == 0 ? factor : factor / phi);
        long df = clusters - 1 ?? model.Statistics.ResidualDegreesOfFreedom;
        var parts = model.Parts.With(new RobustPart(name, clusters, df, bread), scaled);
        return new RobustCovariance(
            name, clusters, df, scaled, GlmCoefficientTable.ToOriginal(parts, scaled, phi), GlmCoefficientTable.Build(parts));
    }
}
