namespace ProbML.Fitting;

/// <summary>The terms of many rows for any family and link: those of <see cref="CanonicalRows"/>, or one row at a time.</summary>
internal static class PathRows
{
    /// <summary>The kernel of a pair; it gives NaN where a row of positive weight lies outside the domain.</summary>
    public static CanonicalRows.Kernel For(IFamily family, ILinkFunction link) => CanonicalRows.For(family, link)
        ?? ((eta, y, weight, score, information) => General(family, link, eta, y, weight, score, information));

    private static double General(
        IFamily family,
        ILinkFunction link,
        ReadOnlySpan<double> eta,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> weight,
        Span<double> score,
        Span<double> information)
    {
        double deviance = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            (score[i], information[i]) = (0, 0);
            if (weight[i] <= 0)
                continue;
            if (!link.IsInDomain(eta[i]))
                return double.NaN;
            var mean = link.Inverse(eta[i]);
            if (!family.IsValidMean(mean))
                return double.NaN;
            deviance += weight[i] * family.UnitDeviance(y[i], mean);
            score[i] = weight[i] * RowTerms.Score(family, y[i], mean);
            information[i] = weight[i] * RowTerms.ExpectedInformation(family, mean);
        }
        return deviance;
    }
}
