using System.Globalization;
using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// Sandwich covariances, valid where the variance function or the independence of rows is wrong and the mean is right:
/// A⁻¹ (Σ uᵢuᵢᵀ) A⁻¹ with the scores uᵢ = wᵢ (yᵢ − μᵢ) μᵢ′/Vᵢ xᵢ and the expected information A = XᵀWX.
/// </summary>
/// <remarks>
/// Huber (1967); White (1980); Long &amp; Ervin (2000) for HC2 and HC3; Liang &amp; Zeger (1986) for clusters. A row of weight w
/// is one row whose score counts w-fold, as in R's <c>sandwich</c> package. One pass over the rows. The negative binomial's θ
/// counts as known.
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
        Check(design, model);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind must be HC0, HC1, HC2 or HC3.");
        var meat = design.Sum(() => new ScoreProducts(model, kind), monitor ?? TrainingMonitor.None, model.Options.NumberOfThreads);
        GlmInference.CheckRows(meat.PositiveRows, model);
        double n = meat.PositiveRows, factor = kind == RobustKind.HC1 ? n / (n - model.Statistics.Rank) : 1;
        return Build(model, meat.Sum, factor, kind.ToString(), null, model.Statistics.ResidualDegreesOfFreedom);
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
        Check(design, model);
        ArgumentNullException.ThrowIfNull(clusterOfRow);
        var scores = design.Sum(
            () => new ClusterScores(model, clusterOfRow), monitor ?? TrainingMonitor.None, model.Options.NumberOfThreads);
        GlmInference.CheckRows(scores.PositiveRows, model);
        double clusters = scores.Clusters.Count, n = scores.PositiveRows;
        if (clusters < 2)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"There is {clusters} cluster; a cluster-robust covariance needs two at least, and many to be trusted."));
        double factor = correction switch
        {
            ClusterCorrection.None => 1,
            ClusterCorrection.Groups => clusters / (clusters - 1),
            ClusterCorrection.GroupsAndRows => clusters / (clusters - 1) * ((n - 1) / (n - model.Statistics.Rank)),
            _ => throw new ArgumentOutOfRangeException(nameof(correction), correction, "It must be one of the enumeration's values."),
        };
        return Build(model, scores.Products(), factor, "cluster", scores.Clusters.Count, scores.Clusters.Count - 1);
    }

    /// <summary>Cluster-robust, from a label for each row, [n], by the row's place in the design's source.</summary>
    /// <exception cref="ArgumentException">There are fewer labels than rows, besides what the other overload throws.</exception>
    public static RobustCovariance ClusterCovariance(
        Design design,
        GlmModel model,
        IReadOnlyList<int> clusters,
        ClusterCorrection correction = ClusterCorrection.GroupsAndRows,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        return ClusterCovariance(design, model, LabelOf, correction, monitor);

        long LabelOf(long row) => row >= 1 && row <= clusters.Count
            ? clusters[(int)(row - 1)]
            : throw new ArgumentException($"There are {clusters.Count} cluster labels, but none for row {row}.", nameof(clusters));
    }

    private static void Check(Design design, GlmModel model)
    {
        GlmInference.Check(design, model);
        FittedRows.CheckCovariance(model);
    }

    private static RobustCovariance Build(
        GlmModel model, double[] meat, double factor, string name, long? clusters, long degreesOfFreedom)
    {
        double[][] influence = GlmInference.Influence(model);
        int p = influence.Length, q = model.Parts.Transform.Width;
        var covariance = new double[p, p];
        var half = new double[q];
        for (int i = 0; i < p; i++)
        {
            for (int k = 0; k < q; k++)
            {
                half[k] = 0;
                for (int l = 0; l < q; l++)
                    half[k] += influence[i][l] * (l >= k ? meat[l * q + k] : meat[k * q + l]);
            }
            for (int j = 0; j <= i; j++)
                covariance[i, j] = covariance[j, i] = factor * System.Numerics.Tensors.TensorPrimitives.Dot<double>(half, influence[j]);
        }
        return new RobustCovariance(name, covariance, GlmInference.Table(model, covariance, degreesOfFreedom), clusters);
    }
}
