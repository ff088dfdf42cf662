namespace ProbML;

/// <summary>The priors of a regression's coefficients: one for all, some by name, or jointly an earlier posterior.</summary>
public sealed record CoefficientPriors
{
    /// <summary>What a column has that is not named; a normal of mean 0 and standard deviation 2.5.</summary>
    /// <remarks>On the scale of the features as they are given: standardise them, or say what suits them.</remarks>
    public Prior Default { get; init; } = new NormalPrior(0, 2.5);

    /// <summary>The intercept's, at features of zero; a normal of mean 0 and standard deviation 10.</summary>
    public Prior Intercept { get; init; } = new NormalPrior(0, 10);

    /// <summary>Of columns by their slot names.</summary>
    public IReadOnlyDictionary<string, Prior> ByColumn { get; init; } = new Dictionary<string, Prior>();

    /// <summary>A joint normal of all coefficients, which takes the place of all others; null: they are independent.</summary>
    public JointNormalPrior? Joint { get; init; }

    /// <summary>One prior for the intercept and all coefficients.</summary>
    public static CoefficientPriors All(Prior prior) => new() { Default = prior, Intercept = prior };

    /// <summary>The posterior of an earlier fit as a prior: its mean and covariance, a column by its name.</summary>
    public static CoefficientPriors From(JointNormalPrior posterior) => new() { Joint = posterior };

    /// <summary>The prior of each coefficient, the intercept first.</summary>
    /// <exception cref="InvalidOperationException">A name is not a column's.</exception>
    internal Prior[] Resolve(IReadOnlyList<string> featureNames, bool intercept)
    {
        if (Joint is not null)
            throw new InvalidOperationException("The prior is a joint one.");
        string[] unknown = [.. ByColumn.Keys.Where(name => !featureNames.Contains(name))];
        if (unknown.Length > 0)
            throw new InvalidOperationException(
                $"There is a prior for '{unknown[0]}', but no feature of that name. The features are "
                + string.Join(", ", featureNames.Take(12).Select(name => $"'{name}'"))
                + (featureNames.Count > 12 ? ", ..." : "") + ".");
        var priors = featureNames.Select(name => ByColumn.GetValueOrDefault(name, Default));
        return intercept ? [Intercept, .. priors] : [.. priors];
    }
}
