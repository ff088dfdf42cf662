using ProbML.Fitting;

namespace ProbML;

/// <summary>Features that belong together, as the columns of a one-hot encoding do, and are tested together.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Features">The names of its features.</param>
public sealed record GlmTerm(string Name, IReadOnlyList<string> Features)
{
    /// <summary>
    /// The terms of a design: features that share what stands before the first '=' or, failing that, the last '.' are one term
    /// ("race=black" and "race=other", ML.NET's "Race.black" and "Race.other"); every other feature is a term of its own.
    /// </summary>
    /// <param name="featureNames">The names of the features, in order.</param>
    public static IReadOnlyList<GlmTerm> Of(IReadOnlyList<string> featureNames)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        return [.. featureNames.GroupBy(Variable, StringComparer.Ordinal).Select(group =>
            new GlmTerm(group.Count() == 1 && !group.First().Contains('=', StringComparison.Ordinal) ? group.First() : group.Key, [.. group]))];
    }

    private static string Variable(string feature)
    {
        int end = feature.IndexOf('=', StringComparison.Ordinal);
        if (end < 0)
            end = feature.LastIndexOf('.');
        return end > 0 ? feature[..end] : feature;
    }
}

/// <summary>A test of several coefficients at once.</summary>
/// <param name="Name">What is tested.</param>
/// <param name="DegreesOfFreedom">The coefficients tested, aliased ones not counted; 0: nothing to test.</param>
/// <param name="Statistic">χ² with the degrees of freedom were the hypothesis true.</param>
/// <param name="PValue">The probability of a larger one; NaN where there is nothing to test.</param>
/// <param name="FStatistic">Statistic / degrees of freedom, where the dispersion is estimated; else NaN.</param>
/// <param name="FPValue">Its probability under F with the model's residual degrees of freedom; else NaN.</param>
public sealed record GlmTermTest(
    string Name, int DegreesOfFreedom, double Statistic, double PValue, double FStatistic, double FPValue)
{
    internal static GlmTermTest Of(string name, int df, double statistic, IFittedModel model)
    {
        bool known = df == 0 || model.IsDispersionKnown;
        double f = known ? double.NaN : statistic / df;
        return new GlmTermTest(
            name,
            df,
            statistic,
            df == 0 ? double.NaN : ChiSquared.UpperTail(Math.Max(0, statistic), df),
            f,
            known ? double.NaN : FisherF.UpperTail(Math.Max(0, f), df, model.ResidualDegreesOfFreedom));
    }
}

/// <summary>A term left out of a model.</summary>
/// <param name="Term">The term.</param>
/// <param name="Test">The likelihood-ratio and, where the dispersion is estimated, F test.</param>
/// <param name="Reduced">The statistics of the model without it: deviance, log-likelihood, AIC.</param>
public sealed record DroppedTerm(GlmTerm Term, GlmTermTest Test, GlmStatistics Reduced);

/// <summary>A term left out of a multinomial, ordinal or Tobit model.</summary>
/// <param name="Term">The term.</param>
/// <param name="Test">The likelihood-ratio test.</param>
/// <param name="Reduced">The statistics of the model without it: log-likelihood, AIC.</param>
public sealed record DroppedVectorTerm(GlmTerm Term, GlmTermTest Test, LikelihoodStatistics Reduced);
