namespace ProbML;

/// <summary>The names of the columns that models give, the same for every family of models.</summary>
public static class ColumnNames
{
    /// <summary>Regression: the predictive mean. Binary: the linear predictor η, positive for a likely "true".</summary>
    /// <remarks>Anomaly detection: −ln p(x), or another number that is larger the rarer a row is.</remarks>
    public const string Score = "Score";

    /// <summary>The standard deviation of a new observation: noise and what is not known of the parameters.</summary>
    public const string ScoreStandardDeviation = "ScoreStandardDeviation";

    /// <summary>The standard error of <see cref="Score"/>: what is not known of the parameters alone.</summary>
    public const string ScoreStandardError = "ScoreStandardError";

    /// <summary>The part of a new observation's standard deviation that more data would take away: of its mean.</summary>
    public const string EpistemicStandardDeviation = "EpistemicStandardDeviation";

    /// <summary>The part of a new observation's standard deviation that stays however much is known: its noise.</summary>
    /// <remarks>The squares of the two parts add up to the square of the whole.</remarks>
    public const string AleatoricStandardDeviation = "AleatoricStandardDeviation";

    /// <summary>The lower end of the interval for a new observation.</summary>
    public const string LowerBound = "LowerBound";

    /// <summary>The upper end of the interval for a new observation.</summary>
    public const string UpperBound = "UpperBound";

    /// <summary>ln p(y | x), the log predictive density (probability, for counts and classes) of the label, NaN without one.</summary>
    /// <remarks>Of a model that has no label: ln p(x), the log density of the features.</remarks>
    public const string LogDensity = "LogDensity";

    /// <summary>Binary: the probability of "true".</summary>
    public const string Probability = "Probability";

    /// <summary>Binary: the lower end of the interval for <see cref="Probability"/>.</summary>
    public const string ProbabilityLowerBound = "ProbabilityLowerBound";

    /// <summary>Binary: the upper end of the interval for <see cref="Probability"/>.</summary>
    public const string ProbabilityUpperBound = "ProbabilityUpperBound";

    /// <summary>Several classes: the standard error of each class's probability.</summary>
    public const string ProbabilityStandardError = "ProbabilityStandardError";

    /// <summary>Tobit: the mean η of the latent response, before it is censored.</summary>
    public const string LatentMean = "LatentMean";

    /// <summary>Tobit: the probability that the response lies at a limit.</summary>
    public const string CensoringProbability = "CensoringProbability";

    /// <summary>Hierarchical: how many of a row's groups were never seen or are missing; 0: all are known.</summary>
    public const string UnseenGroups = "UnseenGroups";

    /// <summary>The predicted class.</summary>
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>Acquisition: E max(0, improvement) of f on the best value so far.</summary>
    public const string ExpectedImprovement = "ExpectedImprovement";

    /// <summary>Acquisition: the logarithm of <see cref="ExpectedImprovement"/>, which does not underflow.</summary>
    public const string LogExpectedImprovement = "LogExpectedImprovement";

    /// <summary>Acquisition: the probability that f is better than the best value so far.</summary>
    public const string ProbabilityOfImprovement = "ProbabilityOfImprovement";

    /// <summary>Acquisition: μ + κ s of f; where small values are looked for, of −f.</summary>
    public const string UpperConfidenceBound = "UpperConfidenceBound";

    /// <summary>Acquisition: the variance of f.</summary>
    public const string MaximumVariance = "MaximumVariance";

    /// <summary>Density ratio: ln r(x) = ln p(x)/q(x), p the numerator's density and q the denominator's.</summary>
    public const string LogRatio = "LogRatio";

    /// <summary>Density ratio: r(x) = p(x)/q(x).</summary>
    public const string DensityRatio = "DensityRatio";

    /// <summary>Density ratio: min(r(x), τ), divided by its mean over the denominator's sample: an importance weight.</summary>
    public const string Weight = "Weight";
}
