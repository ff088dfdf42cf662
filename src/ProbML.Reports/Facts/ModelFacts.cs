using ProbML.Flows;
using ProbML.GaussianProcesses;
using ProbML.Vae;
using static ProbML.Reports.Html.Text;

namespace ProbML.Reports.Facts;

/// <summary>What a fitted model of ProbML says of itself.</summary>
/// <remarks>The one place where kinds of models are told apart; chapters ask for what they can show.</remarks>
internal sealed record ModelFacts
{
    /// <summary>What it is, in words.</summary>
    public required string Kind { get; init; }

    /// <summary>The column it predicts; null: it has none, or does not know.</summary>
    public string? Response { get; init; }

    /// <summary>What its intervals promise to hold.</summary>
    public double? Level { get; init; }

    /// <summary>Whether the fit arrived.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>Numbers about the fit, by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>Its coefficients; empty: it has none.</summary>
    public IReadOnlyList<Coefficient> Coefficients { get; init; } = [];

    /// <summary>Whether they are a posterior's.</summary>
    public bool IsBayesian { get; init; }

    /// <summary>How a network was trained; null: it is none.</summary>
    public TrainingReceipt? Receipt { get; init; }

    /// <summary>The names of the features, [d]; empty: it does not know.</summary>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    public static ModelFacts Of(object model) => model switch
    {
        GlmModel glm => Glm(glm),
        VectorGlmModel vector => Vector(vector),
        BayesianLinearModel linear => Linear(linear),
        BayesianGlmModel bayes => Bayes(bayes),
        HierarchicalModel hierarchical => Hierarchical(hierarchical),
        GaussianProcessModel process => Process(
            $"Gaussian process, {Named(process.Likelihood)}", process.ResponseName, process.Level, process.FeatureNames, process.Summary,
            ("kernel", $"{process.Kernel}"), ("inference", process.Inference)),
        GaussianProcessClassModel process => Process(
            $"Gaussian process of {process.ClassNames.Count} classes, {process.Likelihood}", process.ResponseName, process.Level, process.FeatureNames,
            process.Summary, ("kernel", $"{process.Kernel}")),
        VaeModel vae => Vae("Variational autoencoder", vae, []),
        VaeAnomalyModel vae => Vae("Anomalies by a variational autoencoder", vae.Autoencoder, [("threshold", Number(vae.Threshold)), ("score", $"{vae.ScoreKind}")]),
        FlowModel flow => Flow("Normalizing flow", flow, []),
        FlowAnomalyModel flow => Flow("Anomalies by a normalizing flow", flow.Flow, [("threshold", Number(flow.Threshold))]),
        ConditionalFlowModel flow => new()
        {
            Kind = "Conditional normalizing flow", Response = flow.Receipt.Response, Level = flow.Level, Converged = flow.Converged,
            FeatureNames = flow.FeatureNames, Receipt = flow.Receipt, Facts = [("architecture", flow.Architecture), ("features", Count(flow.FeatureCount))],
        },
        DensityRatioModel ratio => new()
        {
            Kind = "Density ratio", Level = null, FeatureNames = ratio.FeatureNames,
            Facts = [("shape", $"{ratio.Shape}"), ("components", Count(ratio.Components)), ("folds", Count(ratio.Folds)), ("held-out log loss", Number(ratio.HeldOutLogLoss))],
        },
        DensityRatios.RatioNetworkModel ratio => new()
        {
            Kind = "Density ratio by a network", Converged = ratio.Converged, FeatureNames = ratio.FeatureNames, Receipt = ratio.Receipt,
            Facts = [("architecture", ratio.Architecture)],
        },
        _ => new() { Kind = model.GetType().Name },
    };

    private static ModelFacts Glm(GlmModel model)
    {
        var s = model.Statistics;
        return new()
        {
            Kind = $"Generalized linear model, {Titled(model.Family.Name)} family, {model.Link.Name} link",
            Response = model.ResponseName, Level = model.Level, Converged = model.Converged, FeatureNames = model.FeatureNames,
            Coefficients = [.. model.Coefficients.Select(Coefficient.Of)],
            Facts =
            [
                ("mean", model.Link.Formula), ("rows", Count(s.PositiveRows)), ("coefficients estimated", Count(s.Rank)),
                ("residual degrees of freedom", Count(s.ResidualDegreesOfFreedom)), ("dispersion", Number(s.Dispersion)),
                .. s.Theta is { } theta ? [("theta", Number(theta))] : Array.Empty<(string, string)>(),
                ("deviance", Number(s.Deviance)), ("null deviance", Number(s.NullDeviance)), ("log-likelihood", Number(s.LogLikelihood)),
                ("AIC", Number(s.Aic)), ("BIC", Number(s.Bic)), ("iterations", Count(s.Iterations)), ("status", $"{GlmTable.Describe(s.Status)}"),
                .. model.CovarianceNote is { } note ? [("standard errors", note)] : Array.Empty<(string, string)>(),
            ],
        };
    }

    private static ModelFacts Vector(VectorGlmModel model)
    {
        var s = model.Statistics;
        string kind = model switch
        {
            MultinomialModel => "Multinomial regression",
            OrdinalModel ordinal => $"Ordinal regression, cumulative {ordinal.Link.Name} link",
            TobitModel => "Tobit regression",
            _ => model.GetType().Name,
        };
        return new()
        {
            Kind = kind, Response = model.ResponseName, Level = model.Level, Converged = model.Converged, FeatureNames = model.FeatureNames,
            Coefficients = [.. model.Coefficients.Select(Coefficient.Of)],
            Facts =
            [
                ("rows", Count(s.PositiveRows)), ("parameters", Count(s.ParameterCount)), ("log-likelihood", Number(s.LogLikelihood)),
                ("log-likelihood without features", Number(s.NullLogLikelihood)), ("AIC", Number(s.Aic)), ("BIC", Number(s.Bic)),
                .. model is TobitModel tobit ? [("sigma", Number(tobit.Sigma))] : Array.Empty<(string, string)>(),
                ("iterations", Count(s.Iterations)), ("status", $"{GlmTable.Describe(s.Status)}"),
            ],
        };
    }

    private static ModelFacts Linear(BayesianLinearModel model) => new()
    {
        Kind = "Bayesian linear regression", Response = model.ResponseName, Level = model.Options.Level, Converged = model.Converged, IsBayesian = true,
        FeatureNames = model.FeatureNames, Coefficients = [.. model.Coefficients.Select(Coefficient.Of)],
        Facts =
        [
            ("rows", Count(model.Rows)), ("log evidence", Number(model.LogEvidence)), ("effective parameters", Number(model.EffectiveParameters)),
            ("noise variance", Number(model.NoiseVariance)), ("prior precision", Number(model.PriorPrecision ?? double.NaN)),
        ],
    };

    private static ModelFacts Bayes(BayesianGlmModel model) => new()
    {
        Kind = $"Bayesian generalized linear model, {Titled(model.Family.Name)} family, {model.Link.Name} link, by {model.InferenceName}",
        Response = model.ResponseName, Level = model.Level, Converged = model.Converged, IsBayesian = true, FeatureNames = model.FeatureNames,
        Coefficients = [.. model.Coefficients.Select(Coefficient.Of), .. model.LogDispersion is { } log ? [Coefficient.Of(log)] : Array.Empty<Coefficient>()],
        Facts = [("rows", Count(model.Rows)), ("log evidence", Number(model.LogEvidence)), .. Draws(model.Diagnostics)],
    };

    private static ModelFacts Hierarchical(HierarchicalModel model) => new()
    {
        Kind = $"Hierarchical model, {Titled(model.Family.Name)} family, {model.Link.Name} link, by {model.InferenceName}",
        Response = model.ResponseName, Level = model.Level, Converged = model.Converged, IsBayesian = model.DrawCount > 0,
        FeatureNames = model.FeatureNames, Coefficients = [.. model.Coefficients.Select(Coefficient.Of)],
        Facts =
        [
            ("rows", Count(model.Rows)), ("parameters", Count(model.ParameterCount)), ("log-likelihood", Number(model.LogLikelihood)),
            ("dispersion", Number(model.Dispersion)), ("singular", model.IsSingular ? "yes: a covariance lies at its edge" : "no"), .. Draws(model.Diagnostics),
        ],
    };

    private static (string, string)[] Draws(SamplerDiagnostics? d) => d is null ? [] :
    [
        ("chains × draws", $"{d.Chains} × {Count(d.DrawsPerChain)}"), ("largest R-hat", Number(Math.Round(d.MaximumRHat, 4))),
        ("smallest effective sizes, bulk and tail", $"{d.MinimumBulkEffectiveSize:F0}, {d.MinimumTailEffectiveSize:F0}"),
        ("divergences", Count(d.Divergences)), ("trees cut off", Count(d.SaturatedTrees)),
    ];

    private static ModelFacts Process(
        string kind, string response, double level, IReadOnlyList<string> features, GaussianProcessSummary s, params (string, string)[] facts) => new()
    {
        Kind = kind, Response = response, Level = level, Converged = s.Converged, FeatureNames = features,
        Facts =
        [
            .. facts, ("rows", Count(s.Rows)), (s.IsApproximate ? "log marginal likelihood, approximate" : "log marginal likelihood", Number(s.LogMarginalLikelihood)),
            ("leave-one-out log density", Number(s.LeaveOneOutLogDensity)), ("leave-one-out root mean squared error", Number(s.LeaveOneOutRootMeanSquaredError)),
            .. s.AtBound.Count > 0 ? [("at the edge of their range", string.Join(", ", s.AtBound))] : Array.Empty<(string, string)>(),
        ],
    };

    private static ModelFacts Vae(string kind, VaeModel vae, (string, string)[] facts) => new()
    {
        Kind = kind, Converged = vae.Converged, FeatureNames = vae.Layout.FeatureNames, Receipt = vae.Receipt,
        Facts = [.. facts, ("features", Count(vae.FeatureCount)), ("latent dimensions", string.Join(" + ", vae.LatentSizes))],
    };

    private static ModelFacts Flow(string kind, FlowModel flow, (string, string)[] facts) => new()
    {
        Kind = kind, Converged = flow.Converged, FeatureNames = flow.FeatureNames, Receipt = flow.Receipt,
        Facts = [.. facts, ("architecture", flow.Architecture), ("features", Count(flow.FeatureCount))],
    };

    private static string Titled(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Named(GaussianProcessLikelihood likelihood) => likelihood.GetType().Name.Replace("Likelihood", "", StringComparison.Ordinal).Replace("GaussianNoise", "Gaussian", StringComparison.Ordinal);
}
