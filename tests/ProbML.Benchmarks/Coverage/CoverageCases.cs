namespace ProbML.Benchmarks;

/// <summary>Every family, with coefficients that put its responses where its intervals are put to the test.</summary>
internal static class CoverageCases
{
    private static readonly double[] Log = [0.5, 0.4, -0.3], Classes = [0.2, 0.8, -0.6];

    /// <summary>Families of numbers.</summary>
    public static IReadOnlyList<CoverageCase> Numbers { get; } =
    [
        NumberCoverage.Of(Families.Gaussian, Links.Identity, 0.25, Log),
        NumberCoverage.Of(Families.Poisson, Links.Log, 1, [1.2, 0.4, -0.3]),
        NumberCoverage.Of(Families.Poisson, Links.SquareRoot, 1, [2, 0.4, -0.3]),
        NumberCoverage.Of(Families.NegativeBinomial(2), Links.Log, 1, [1.2, 0.4, -0.3], Families.NegativeBinomial()),
        NumberCoverage.Of(Families.Gamma, Links.Reciprocal, 0.5, [1.5, 0.4, -0.3]),
        NumberCoverage.Of(Families.Gamma, Links.Log, 0.5, Log),
        NumberCoverage.Of(Families.InverseGaussian, Links.InverseSquared, 0.3, [1.5, 0.4, -0.3]),
        NumberCoverage.Of(Families.Tweedie(1.5), Links.Log, 1, Log),
        NumberCoverage.Tobit([0.5, 0.8, -0.6], 1),
    ];

    /// <summary>Families of classes.</summary>
    public static IReadOnlyList<CoverageCase> OfClasses { get; } =
    [
        .. ((ILinkFunction[])[Links.Logit, Links.Probit, Links.ComplementaryLogLog, Links.LogLog, Links.Cauchit, Links.Tanh])
            .Select(link => ClassCoverage.Binary(link, Classes)),
        ClassCoverage.Multinomial([[0.3, 1, -0.5], [-0.2, -1, 0.5]]),
        ClassCoverage.Ordinal(Links.Logit, [-1, 0.3, 1.5], Classes),
        ClassCoverage.Ordinal(Links.Probit, [-1, 0.3, 1.5], Classes),
        ClassCoverage.Ordinal(Links.ComplementaryLogLog, [-1, 0, 0.7], Classes),
    ];
}
