namespace ProbML;

/// <summary>Tests whether a model fits no better than one nested in it, as R's <c>anova(reduced, full, test = "LRT")</c>.</summary>
/// <param name="DegreesOfFreedom">The coefficients that the reduced model lacks.</param>
/// <param name="Statistic">
/// The difference of deviances, over the full model's dispersion where that is estimated; twice the difference of
/// log-likelihoods where θ is estimated. χ² with the degrees of freedom were the reduced model true.
/// </param>
/// <param name="PValue">The probability of a larger one.</param>
/// <param name="FStatistic">Statistic / degrees of freedom, where the dispersion is estimated; else NaN.</param>
/// <param name="FPValue">Its probability under F with the residual degrees of freedom; else NaN.</param>
public sealed record LikelihoodRatioTest(
    int DegreesOfFreedom, double Statistic, double PValue, double FStatistic, double FPValue)
{
    /// <summary>Compares two fits to the same rows.</summary>
    /// <param name="reduced">The smaller model, nested in the full one.</param>
    /// <param name="full">The larger model.</param>
    /// <exception cref="ArgumentException">The models differ in family, link or rows, are penalised, or are not nested.</exception>
    public static LikelihoodRatioTest Compare(GlmModel reduced, GlmModel full)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        ArgumentNullException.ThrowIfNull(full);
        var (small, large) = (reduced.Statistics, full.Statistics);
        if (reduced.Family.GetType() != full.Family.GetType() || !reduced.Link.Equals(full.Link))
            throw new ArgumentException("The models have different families or links.", nameof(reduced));
        CheckPenalty(reduced.Options.IsPenalised || full.Options.IsPenalised, nameof(full));
        CheckRows(small.PositiveRows, large.PositiveRows, small.SumOfWeights == large.SumOfWeights, nameof(reduced));
        int df = CheckNesting(small.Rank, large.Rank, "coefficients", nameof(reduced));
        bool known = full.IsDispersionKnown;
        double statistic = large.ThetaStandardError is not null
            ? 2 * (large.LogLikelihood - small.LogLikelihood)
            : (small.Deviance - large.Deviance) / large.Dispersion;
        double f = known ? double.NaN : statistic / df;
        return new LikelihoodRatioTest(
            df,
            statistic,
            ChiSquared.UpperTail(Math.Max(0, statistic), df),
            f,
            known ? double.NaN : FisherF.UpperTail(Math.Max(0, f), df, large.ResidualDegreesOfFreedom));
    }

    /// <summary>Compares two fits to the same rows: χ² of twice the difference of log-likelihoods.</summary>
    /// <param name="reduced">The smaller model, nested in the full one.</param>
    /// <param name="full">The larger model.</param>
    /// <exception cref="ArgumentException">
    /// The models differ in kind, classes, link, limits or rows, are penalised, or are not nested.
    /// </exception>
    public static LikelihoodRatioTest Compare(VectorGlmModel reduced, VectorGlmModel full)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        ArgumentNullException.ThrowIfNull(full);
        if (full.DifferenceFrom(reduced) is { } difference)
            throw new ArgumentException(difference, nameof(reduced));
        CheckPenalty(reduced.IsPenalised || full.IsPenalised, nameof(full));
        var (small, large) = (reduced.Statistics, full.Statistics);
        CheckRows(small.PositiveRows, large.PositiveRows, small.SumOfWeights == large.SumOfWeights, nameof(reduced));
        int df = CheckNesting(small.ParameterCount, large.ParameterCount, "parameters", nameof(reduced));
        double statistic = 2 * (large.LogLikelihood - small.LogLikelihood);
        return new(df, statistic, ChiSquared.UpperTail(Math.Max(0, statistic), df), double.NaN, double.NaN);
    }

    private static void CheckPenalty(bool isPenalised, string parameter)
    {
        if (isPenalised)
            throw new ArgumentException("Penalised fits do not maximise the likelihood: there is no such test.", parameter);
    }

    private static void CheckRows(long small, long large, bool sameWeights, string parameter)
    {
        if (small != large || !sameWeights)
            throw new ArgumentException(
                $"The models are fitted to {small} and {large} rows: missing values were left out differently. Fit both to the "
                + "same rows.", parameter);
    }

    private static int CheckNesting(int small, int large, string what, string parameter) => large > small
        ? large - small
        : throw new ArgumentException($"The reduced model has {small} {what}, the full one {large}: it must have fewer.", parameter);
}
