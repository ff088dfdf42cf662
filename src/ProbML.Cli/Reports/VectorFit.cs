namespace ProbML.Cli;

/// <summary>What multinomial, ordinal and Tobit models have in common, as a report names it.</summary>
internal sealed record VectorFit
{
    public required string Family { get; init; }

    public required string Link { get; init; }

    public required string LinkDefinition { get; init; }

    public required string Response { get; init; }

    public required IReadOnlyList<GlmCoefficient> Coefficients { get; init; }

    public required double[,] Covariance { get; init; }

    public required string CovarianceKind { get; init; }

    public required LikelihoodStatistics Statistics { get; init; }

    public required IReadOnlyList<string> ColumnNames { get; init; }

    public required bool Intercept { get; init; }

    public required double L2 { get; init; }

    public required bool PenaliseIntercept { get; init; }

    public required double Level { get; init; }

    /// <summary>The rank of the design, as the reference files count it.</summary>
    public required int Rank { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }

    public MultinomialCoding? Coding { get; init; }

    public TobitModel? Tobit { get; init; }

    /// <summary>Whether a coefficient is one that the penalty covers.</summary>
    public bool IsPenalised(GlmCoefficient c) =>
        c.Name != "log(sigma)" && !c.Name.StartsWith("threshold:", StringComparison.Ordinal)
        && (PenaliseIntercept || !(c.Name == Constant || c.Name.EndsWith(": " + Constant, StringComparison.Ordinal)));

    public static VectorFit Of(MultinomialModel model)
    {
        bool symmetric = model.Options.Coding == MultinomialCoding.Symmetric;
        int blocks = symmetric ? model.ClassNames.Count : model.ClassNames.Count - 1;
        return new()
        {
            Family = "multinomial",
            Link = "softmax",
            LinkDefinition = symmetric
                ? "P(y=k) proportional to exp(eta_k), one coefficient vector per class"
                : "P(y=k) proportional to exp(eta_k), eta = 0 for the first level",
            Response = model.ResponseName,
            Coefficients = model.Coefficients,
            Covariance = model.Covariance,
            CovarianceKind = model.Options.L2 > 0 ? Laplace : "inverse of the information (observed = expected)",
            Statistics = model.Statistics,
            ColumnNames = Columns(model.Options.Intercept, model.FeatureNames),
            Intercept = model.Options.Intercept,
            L2 = model.Options.L2,
            PenaliseIntercept = model.Options.PenaliseIntercept,
            Level = model.Options.Level,
            Rank = model.Coefficients.Count(c => !c.IsAliased) / blocks,
            Classes = model.ClassNames,
            Coding = model.Options.Coding,
        };
    }

    public static VectorFit Of(OrdinalModel model) => new()
    {
        Family = "ordinal",
        Link = model.Link.Name,
        LinkDefinition = "P(y <= level j) = F(threshold_j - x'beta), F the inverse of " + model.Link.Formula,
        Response = model.ResponseName,
        Coefficients = model.Coefficients,
        Covariance = model.Covariance,
        CovarianceKind = model.Options.L2 > 0 ? Laplace : Observed,
        Statistics = model.Statistics,
        ColumnNames = Columns(false, model.FeatureNames),
        Intercept = false,
        L2 = model.Options.L2,
        PenaliseIntercept = false,
        Level = model.Options.Level,
        Rank = model.Coefficients.Count(c => !c.IsAliased),
        Classes = model.ClassNames,
    };

    public static VectorFit Of(TobitModel model) => new()
    {
        Family = "tobit",
        Link = "identity",
        LinkDefinition = "latent y* = eta + sigma*N(0,1), observed y = y* cut off at the limits",
        Response = model.ResponseName,
        Coefficients = model.Coefficients,
        Covariance = model.Covariance,
        CovarianceKind = model.Options.L2 > 0 ? Laplace : Observed,
        Statistics = model.Statistics,
        ColumnNames = Columns(model.Options.Intercept, model.FeatureNames),
        Intercept = model.Options.Intercept,
        L2 = model.Options.L2,
        PenaliseIntercept = model.Options.PenaliseIntercept,
        Level = model.Options.Level,
        Rank = model.Coefficients.Count(c => !c.IsAliased) - 1,
        Tobit = model,
    };

    private const string Constant = "(Intercept)";
    private const string Observed = "inverse of the observed information";
    private const string Laplace = "inverse of the observed information plus the penalty matrix";

    private static string[] Columns(bool intercept, IReadOnlyList<string> features) =>
        [.. intercept ? [Constant] : (string[])[], .. features];
}
