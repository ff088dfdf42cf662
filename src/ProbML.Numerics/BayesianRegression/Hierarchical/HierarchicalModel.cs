using System.Text;
using ProbML.Fitting;

namespace ProbML;

/// <summary>A fitted hierarchical regression: E(Y) = g⁻¹(β₀ + xᵀβ + Σ zᵀb + offset), b ~ N(0, Σ) for each group.</summary>
/// <remarks>
/// A group that was fitted is predicted by its own coefficients, which lean on the population the more the fewer rows it had; a group
/// never seen, or missing, by the population: its b has covariance Σ, which widens the prediction. <c>UnseenGroups</c> says of how many
/// factors that is so. Other columns are those of <see cref="BayesianGlmModel"/>.
/// </remarks>
[ModelKey("Hierarchical")]
public sealed class HierarchicalModel : IScoringModel<HierarchicalModel>, IGroupedModel
{
    private const int FormatVersion = 1;

    private readonly HierarchicalPosterior posterior;
    private readonly HierarchicalPredictive predictive;

    internal HierarchicalModel(HierarchicalParts parts, HierarchicalPosterior posterior)
    {
        (Parts, this.posterior) = (parts, posterior);
        predictive = new(posterior, parts.Family);
        Groups = [.. posterior.Layout.Factors.Select(factor => new GroupingFactor(factor.Effect.Group, factor.Levels))];
        (Coefficients, Covariance) = HierarchicalSummary.Fixed(parts, posterior);
        Components = HierarchicalSummary.Components(parts, posterior);
        if (posterior.Draws is { LogDispersions.Length: > 0 } draws)
            LogDispersion = PosteriorTable.FromSample(
                "log(dispersion)", draws.LogDispersions, parts.Level, parts.Diagnostics?.Chains ?? 0);
    }

    /// <summary>What it is for.</summary>
    public PredictionTask Task => Parts.Task;

    /// <summary>The family.</summary>
    public IFamily Family => Parts.Family;

    /// <summary>The link.</summary>
    public ILinkFunction Link => Parts.Link;

    /// <summary>How it was fitted: "reml", "laplace", "quadrature", "nuts".</summary>
    public string InferenceName => Parts.InferenceName;

    /// <summary>The level of its intervals.</summary>
    public double Level => Parts.Level;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>The grouping factors and the groups that had rows, the one with most coefficients first.</summary>
    public IReadOnlyList<GroupingFactor> Groups { get; }

    /// <summary>What is common to all groups: the fixed coefficients, the intercept first; one that is aliased is pruned.</summary>
    public IReadOnlyList<BayesianCoefficient> Coefficients { get; }

    /// <summary>Their covariance, [p, p]: what lme4's <c>vcov</c> gives, or the draws'.</summary>
    public double[,] Covariance { get; }

    /// <summary>How groups vary, factor by factor.</summary>
    public IReadOnlyList<VarianceComponent> Components { get; }

    /// <summary>φ: σ² of the Gaussian; of draws its mean on the log scale.</summary>
    public double Dispersion => posterior.Dispersion;

    /// <summary>What the draws say of ln φ; null: φ is known, or there are no draws.</summary>
    public BayesianCoefficient? LogDispersion { get; }

    /// <summary>ln of the (restricted, where <see cref="InferenceName"/> is "reml") likelihood; NaN with draws.</summary>
    public double LogLikelihood => Parts.LogLikelihood;

    /// <summary>The parameters that were estimated: β, the covariances', and φ where it is free.</summary>
    public int ParameterCount => posterior.Layout.Fixed + posterior.Layout.ThetaCount + (Family.EstimatesDispersion ? 1 : 0);

    /// <summary>−2 ln L + 2 k.</summary>
    public double Aic => -2 * LogLikelihood + 2 * ParameterCount;

    /// <summary>−2 ln L + k ln n.</summary>
    public double Bic => -2 * LogLikelihood + Math.Log(Rows) * ParameterCount;

    /// <summary>Whether some covariance lies at the edge of what is possible: R's isSingular.</summary>
    public bool IsSingular => Components.Any(component => component.IsSingular);

    /// <summary>What the chains did; null where there are none.</summary>
    public SamplerDiagnostics? Diagnostics => Parts.Diagnostics;

    /// <summary>Whether the search arrived; of draws, no divergence and every R̂ at most 1.01.</summary>
    public bool Converged => Parts.Converged;

    /// <summary>Iterations of the search.</summary>
    public int Iterations => Parts.Iterations;

    /// <summary>Rows of positive weight.</summary>
    public long Rows => Parts.Rows;

    /// <summary>How many draws it holds; 0: its posterior is a normal.</summary>
    public int DrawCount => posterior.Draws?.Count ?? 0;

    /// <inheritdoc/>
    public int FeatureCount => Parts.FeatureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => HierarchicalColumns.Of(Parts.Task);

    internal HierarchicalParts Parts { get; }

    internal HierarchicalPosterior Posterior => posterior;

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public HierarchicalModel WithLevel(double level)
    {
        GlmOptions.Check(level is > 0 and < 1, nameof(level), level, "must lie strictly between 0 and 1");
        return new(Parts with { Level = level }, posterior);
    }

    /// <summary>The coefficients of each group of a factor: R's <c>ranef</c>.</summary>
    /// <param name="group">The factor's column.</param>
    /// <exception cref="ArgumentException">The model has no such factor.</exception>
    public IReadOnlyList<GroupEstimate> GroupEffects(string group)
    {
        int k = Array.FindIndex(posterior.Layout.Factors, factor => factor.Effect.Group == group);
        return k >= 0
            ? HierarchicalSummary.Groups(Parts, posterior, k)
            : throw new ArgumentException(
                $"The model has no groups of '{group}'; it has those of {string.Join(", ", Groups.Select(one => $"'{one.Name}'"))}.", nameof(group));
    }

    /// <summary>The draws of the fixed coefficients, then of what <see cref="VarianceComponent.Posterior"/> lists, [parameters][S]; null: none.</summary>
    public double[][]? Draws() => posterior.Draws is null ? null : HierarchicalSummary.Draws(posterior);

    /// <summary>The predictive distribution of a new observation.</summary>
    /// <param name="features">x, [d].</param>
    /// <param name="groups">Its groups by factor; what is missing or unknown is of the population.</param>
    /// <param name="offset">Added to η.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public PredictiveDistribution Predict(
        ReadOnlySpan<double> features, IReadOnlyDictionary<string, string>? groups = null, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"The model has {FeatureCount} features, but {features.Length} are given.", nameof(features));
        int[] places = [.. Groups.Select(factor => groups is not null && groups.TryGetValue(factor.Name, out string? name)
            ? ((string[])factor.Levels).IndexOf(name)
            : GroupingFactor.Unknown)];
        var mixture = new PosteriorMixture(Family, Link);
        Fill(new RowBlock(1, FeatureCount, features) { Groups = places, GroupCount = places.Length }, 0, offset, mixture);
        return new(mixture);
    }

    /// <summary>The predictive distribution of a row of a block, its groups as places among <see cref="Groups"/>.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Which of them.</param>
    public PredictiveDistribution Predict(in RowBlock rows, int row)
    {
        var mixture = new PosteriorMixture(Family, Link);
        Fill(rows, row, rows.Offset(row), mixture);
        return new(mixture);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        using var mixture = new PosteriorMixture(Family, Link);
        for (int i = 0; i < rows.Count; i++)
        {
            var row = outputs.Row(i);
            bool known = Fill(rows, i, rows.Offset(i), mixture);
            int unseen = 0;
            for (int k = 0; k < Groups.Count; k++)
                unseen += rows.Group(i, k) < 0 ? 1 : 0;
            if (known)
                BayesianColumns.Fill(Task, mixture, rows.ResponseOrNaN(i), Link, Level, outputs, row);
            else
                row.Fill(float.NaN);
            row[HierarchicalColumns.UnseenGroupsAt(Task)] = unseen;
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
    public static HierarchicalModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "hierarchical model");
        var parts = HierarchicalParts.Read(reader);
        var posterior = HierarchicalPosterior.Read(reader);
        return posterior.Transform.FeatureCount == parts.FeatureNames.Length
            && parts.GroupRows.Select(counts => counts.Length).SequenceEqual(posterior.Layout.Factors.Select(factor => factor.Levels.Length))
            ? new(parts, posterior)
            : throw new FormatException("The hierarchical model's parts do not fit each other: the model is damaged.");
    }

    /// <summary>The model as a table: how groups vary, then what is common to all.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        HierarchicalTable.Append(this, text);
        return text.ToString();
    }

    /// <summary>The mixture of a row; false: a feature or the offset is not a number.</summary>
    private bool Fill(in RowBlock rows, int i, double offset, PosteriorMixture mixture)
    {
        var (layout, transform) = (posterior.Layout, posterior.Transform);
        using var rented = new RentedNumbers(transform.Stride + layout.ZWidth);
        Span<double> x = rented.Take(transform.Stride), z = rented.Take(layout.ZWidth);
        Span<int> groups = stackalloc int[layout.Factors.Length];
        double sum = offset;
        foreach (double value in rows.Row(i))
            sum += value;
        if (!double.IsFinite(sum))
            return false;
        transform.Apply(rows, i, 1, x, []);
        layout.TryGroups(rows, i, groups);
        for (int k = 0, from = 0; k < layout.Factors.Length; from += layout.Factors[k++].Width)
            layout.Factors[k].Fill(rows.Row(i), z[from..]);
        predictive.Fill(groups, z, x[..layout.Fixed], offset, mixture);
        return true;
    }
}
