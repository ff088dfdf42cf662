namespace ProbML.Cli;

/// <summary>The Bayesian models, as options name them.</summary>
internal static class BayesChoice
{
    private static readonly string[] Linear = ["evidence", "ard", "conjugate"];
    private static readonly string[] General = ["laplace", "vi", "vi-diagonal", "vi-flow", "ep", "nuts", "map"];

    /// <summary>The model that a request describes.</summary>
    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public static ModelSpec Of(FitRequest request)
    {
        string familyName = ModelChoice.Normal(request.Family ?? "gaussian");
        ModelChoice.CheckColumns(request);
        Refuse(request, familyName);
        var glm = ModelChoice.Options(request, familyName);
        if (request.Groups.Count > 0)
            return HierarchicalChoice.Of(request, glm);
        ModelChoice.Check(request.Slopes.Count > 0, "--slopes needs --group, whose groups have them.");
        ModelChoice.Check(request.Independent, "--independent needs --group.");
        bool isLinear = glm is { Family: GaussianFamily, Link: IdentityLink };
        string method = ModelChoice.Normal(request.Method ?? (isLinear ? "evidence" : "laplace"));
        ModelChoice.Check(!Linear.Contains(method) && !General.Contains(method),
            $"there is no inference '{request.Method}'. They are {string.Join(", ", General)}, and of a Gaussian linear model {string.Join(", ", Linear)}.");
        ModelChoice.Check(Linear.Contains(method) && !isLinear,
            $"--inference {method} is for --family gaussian with --link identity, not {glm.Family!.Name} with {glm.Link!.Name}.");
        ModelChoice.Check(method != "nuts" && (request.Chains ?? request.Warmup ?? request.Draws) is not null,
            "--chains, --warmup and --draws need --inference nuts.");
        var priors = Priors(request);
        try
        {
            return Linear.Contains(method) ? new BayesianLinearSpec(LinearOptions(request, method, priors)) : new BayesianGlmSpec(
                GlmOptionsOf(request, glm, method, priors));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private static BayesianLinearOptions LinearOptions(FitRequest request, string method, CoefficientPriors? priors)
    {
        ModelChoice.Check(request.DispersionPrior is not null && method != "conjugate",
            $"--dispersion-prior is not for --inference {method}: the evidence chooses the noise.");
        ModelChoice.Check(request.Exposure is not null, $"--exposure is not for --inference {method}.");
        var noise = request.DispersionPrior is null ? null : Parse(request.DispersionPrior, DispersionPrior.Parse);
        var options = new BayesianLinearOptions
        {
            Inference = method switch
            {
                "ard" => LinearInference.AutomaticRelevance(),
                "conjugate" => noise switch
                {
                    null => LinearInference.NormalInverseGamma(),
                    { FixedValue: double variance } => LinearInference.KnownNoise(1 / variance),
                    { InverseGammaParameters: (double shape, double scale) } => LinearInference.NormalInverseGamma(shape, scale),
                    _ => throw new UsageException("--inference conjugate takes --dispersion-prior fixed(value) or inverse-gamma(shape,scale)."),
                },
                _ => LinearInference.Evidence(),
            },
            Priors = priors,
            Intercept = !request.NoIntercept,
            Level = request.Level,
        };
        options.Validate();
        return options;
    }

    private static BayesianGlmOptions GlmOptionsOf(FitRequest request, GlmOptions glm, string method, CoefficientPriors? priors)
    {
        var nuts = new NutsOptions
        {
            Chains = request.Chains ?? 4,
            Warmup = request.Warmup ?? 1000,
            Draws = request.Draws ?? 1000,
        };
        var options = new BayesianGlmOptions
        {
            Family = glm.Family,
            Link = glm.Link,
            Intercept = glm.Intercept,
            Priors = priors ?? new(),
            Dispersion = request.DispersionPrior is null ? null : Parse(request.DispersionPrior, DispersionPrior.Parse),
            Inference = method switch
            {
                "vi" => Inference.Variational(),
                "vi-diagonal" => Inference.MeanField(),
                "vi-flow" => Inference.NormalizingFlow(),
                "ep" => Inference.ExpectationPropagation,
                "nuts" => Inference.Nuts(nuts),
                "map" => Inference.Map,
                _ => Inference.Laplace,
            },
            Level = request.Level,
            Seed = request.Seed,
        };
        var task = glm.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        _ = new BayesianGlmFitter(options, task);           // says what does not go together before the file is read
        return options;
    }

    internal static CoefficientPriors? Priors(FitRequest request)
    {
        if (request.Priors.Count == 0)
            return null;
        var priors = new CoefficientPriors();
        var named = new Dictionary<string, Prior>(StringComparer.Ordinal);
        foreach (string text in request.Priors)
        {
            int equals = text.LastIndexOf('=');             // a level's column is "colour=red"
            var prior = Parse(text[(equals + 1)..], Prior.Parse);
            string column = equals < 0 ? "" : text[..equals].Trim();
            if (equals < 0)
                priors = priors with { Default = prior };
            else if (column == BayesianCoefficient.Intercept)
                priors = priors with { Intercept = prior };
            else
                ModelChoice.Check(!named.TryAdd(column, prior), $"--prior names '{column}' twice.");
        }
        return priors with { ByColumn = named };
    }

    internal static T Parse<T>(string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Refuse(FitRequest request, string family)
    {
        ModelChoice.Check(family is "multinomial" or "ordinal" or "tobit", $"--family {family} is not for --model bayes.");
        (string Option, bool IsGiven)[] others =
        [
            ("--l1", request.L1 > 0), ("--l2", request.L2 > 0), ("--penalise-intercept", request.PenaliseIntercept),
            ("--profile", request.Profile), ("--robust", request.Robust is not null), ("--cluster", request.Cluster is not null),
            ("--firth", request.Firth), ("--path", request.Path), ("--drop-test", request.DropTest is not null),
            ("--coding", request.Coding is not null), ("--lower", request.Lower is not null), ("--upper", request.Upper is not null),
            ("--levels", request.Levels.Count > 0), ("--alpha", request.Alpha is not null), ("--cv", request.Folds is not null),
            ("--lambda-rule", request.LambdaRule is not null),
        ];
        foreach (var (option, isGiven) in others)
            ModelChoice.Check(isGiven, $"{option} is not for --model bayes: use --prior.");
    }
}
