namespace ProbML.Cli;

/// <summary>What multinomial, ordinal and Tobit models have in common, as a report names it.</summary>
internal sealed record VectorFit
{
    public required string Family { get; init; }

    public required string Link { get; init; }

    public required string LinkDefinition { get; init; }

    public required VectorGlmModel Model { get; init; }

    public required string CovarianceKind { get; init; }

    public required bool Intercept { get; init; }

    public required double L2 { get; init; }

    public required bool PenaliseIntercept { get; init; }

    /// <summary>The rank of the design, as the reference files count it.</summary>
    public required int Rank { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }

    public MultinomialCoding? Coding { get; init; }

    public TobitModel? Tobit { get; init; }

    public string Response => Model.ResponseName;

    public IReadOnlyList<GlmCoefficient> Coefficients => Model.Coefficients;

    public double[,] Covariance => Model.Covariance;

    /// <summary>The model's own covariance, whether or not it keeps a sandwich.</summary>
    public double[,] OwnCovariance => Model switch
    {
        MultinomialModel multinomial => multinomial.WithCovariance(null).Covariance,
        OrdinalModel ordinal => ordinal.WithCovariance(null).Covariance,
        _ => ((TobitModel)Model).WithCovariance(null).Covariance,
    };

    public LikelihoodStatistics Statistics => Model.Statistics;

    public double Level => Model.Level;

    public IReadOnlyList<string> ColumnNames => [.. Intercept ? [Constant] : (string[])[], .. Model.FeatureNames];

    /// <summary>Whether a coefficient is one that the penalty covers.</summary>
    public bool IsPenalised(GlmCoefficient c) =>
        c.Name != "log(sigma)" && !c.Name.StartsWith("threshold:", StringComparison.Ordinal)
        && (PenaliseIntercept || !(c.Name == Constant || c.Name.EndsWith(": " + Constant, StringComparison.Ordinal)));

    public static VectorFit Of(VectorGlmModel model) => model switch
    {
        MultinomialModel multinomial => Of(multinomial),
        OrdinalModel ordinal => Of(ordinal),
        _ => Of((TobitModel)model),
    };

    private static VectorFit Of(MultinomialModel model)
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
            Model = model,
            CovarianceKind = model.Options.L2 > 0 ? Laplace : "inverse of the information (observed = expected)",
            Intercept = model.Options.Intercept,
            L2 = model.Options.L2,
            PenaliseIntercept = model.Options.PenaliseIntercept,
            Rank = model.Coefficients.Count(c => !c.IsAliased) / blocks,
            Classes = model.ClassNames,
            Coding = model.Options.Coding,
        };
    }

    private static VectorFit Of(OrdinalModel model) => new()
    {
        Family = "ordinal",
        Link = model.Link.Name,
        LinkDefinition = "P(y <= level j) = F(threshold_j - x'beta), F the inverse of " + model.Link.Formula,
        Model = model,
        CovarianceKind = model.Options.L2 > 0 ? Laplace : Observed,
        Intercept = false,
        L2 = model.Options.L2,
        PenaliseIntercept = false,
        Rank = model.Coefficients.Count(c => !c.IsAliased),
        Classes = model.ClassNames,
    };

    private static VectorFit Of(TobitModel model) => new()
    {
        Family = "tobit",
        Link = "identity",
        LinkDefinition = "latent y* = eta + sigma*N(0,1), observed y = y* cut off at the limits",
        Model = model,
        CovarianceKind = model.Options.L2 > 0 ? Laplace : Observed,
        Intercept = model.Options.Intercept,
        L2 = model.Options.L2,
        PenaliseIntercept = model.Options.PenaliseIntercept,
        Rank = model.Coefficients.Count(c => !c.IsAliased) - 1,
        Tobit = model,
    };

    private const string Constant = "(Intercept)";
    private const string Observed = "inverse of the observed information";
    private const string Laplace = "inverse of the observed information plus the penalty matrix";
}
