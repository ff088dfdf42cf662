namespace ProbML.Cli;

/// <summary>Which family and link the options name, and whether the options go together.</summary>
internal static class ModelChoice
{
    private static readonly string[] UnitLinks = ["logit", "probit", "cloglog", "loglog", "cauchit", "tanh"];
    private const double UsualTweediePower = 1.5;

    /// <summary>The families by the names they have on the command line.</summary>
    public static IReadOnlyList<string> Families { get; } =
        ["gaussian", "bernoulli", "poisson", "gamma", "inverse-gaussian", "tweedie", "negative-binomial",
            "multinomial", "ordinal", "tobit"];

    /// <summary>The links by the names they have on the command line.</summary>
    public static IReadOnlyList<string> Links { get; } =
        [.. UnitLinks[..1], "identity", .. UnitLinks[1..], "log", "sqrt", "inverse", "inverse-squared", "power"];

    /// <summary>The model that a request describes.</summary>
    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public static ModelSpec Of(FitRequest request)
    {
        if (request.Model == "bayes")
            return BayesChoice.Of(request);
        if (request.Model == GpWords.Name)
            return GpChoice.Of(request);
        if (request.Model == RatioWords.Name)
            return RatioChoice.Of(request);
        if (request.Model != "glm")
            throw new UsageException($"there is no model '{request.Model}'. The models are: glm, bayes, gp, ratio, vae, flow.");
        Check(request.Method is not null, "--inference needs --model bayes or gp.");
        Check(request.Priors.Count > 0 || request.DispersionPrior is not null, "--prior needs --model bayes or gp, --dispersion-prior --model bayes.");
        Check((request.Chains ?? request.Warmup ?? request.Draws) is not null, "--chains, --warmup and --draws need --model bayes.");
        Check(request.Groups.Count > 0 || request.Slopes.Count > 0 || request.Independent, "--group, --slopes and --independent need --model bayes.");
        string family = Normal(request.Family ?? "gaussian");
        CheckColumns(request);
        bool penalised = request.L1 > 0 || request.L2 > 0;
        Check(request.PenaliseIntercept && !penalised, "--penalise-intercept needs --l1 or --l2.");
        Check(request.PenaliseIntercept && request.NoIntercept, "--penalise-intercept contradicts --no-intercept.");
        Check(request.DropTest is not null && penalised,
            "--drop-test is a test of maximum-likelihood fits: leave out --l1 and --l2.");
        Check(request.Coding is not null && family != "multinomial", $"--coding is for --family multinomial, not {family}.");
        Check((request.Lower ?? request.Upper) is not null && family != "tobit",
            $"--lower and --upper are for --family tobit, not {family}.");
        Check(request.Levels.Count > 0 && family is not ("multinomial" or "ordinal"),
            $"--levels is for --family multinomial and ordinal, not {family}.");
        GlmOptions? glm = family is "multinomial" or "ordinal" or "tobit" ? null : Options(request, family);
        var inference = InferenceChoice.Of(request, family, glm);
        ModelSpec spec = family switch
        {
            "multinomial" => VectorChoice.Multinomial(request),
            "ordinal" => VectorChoice.Ordinal(request, request.Link is null ? null : Link(request, family)),
            "tobit" => VectorChoice.Tobit(request),
            _ => new GlmSpec(glm!),
        };
        return spec with { Inference = inference };
    }

    internal static GlmOptions Options(FitRequest request, string familyName)
    {
        var family = Family(request, familyName);
        var link = Link(request, familyName) ?? family.CanonicalLink;
        Check(UnitLinks.Contains(link.Name) && family is not BernoulliFamily,
            $"--link {link.Name} gives means between 0 and 1, which is for --family bernoulli, not {familyName}.");
        Check(request.Exposure is not null && link is not LogLink,
            $"--exposure needs --link log, not {link.Name}: the mean is proportional to the exposure. "
                + "Use --offset for a column to add to the linear predictor.");
        Check(request.Theta is not null && family is not NegativeBinomialFamily,
            $"--theta is for --family negative-binomial, not {familyName}.");
        Check(request.Power is not null && family is not TweedieFamily && link is not PowerLink,
            "--power is for --family tweedie or --link power.");
        Check(request.Positive is not null && family is not BernoulliFamily,
            $"--positive is for --family bernoulli, not {familyName}.");
        return new()
        {
            Family = family,
            Link = link,
            Intercept = !request.NoIntercept,
            L1 = request.L1,
            L2 = request.L2,
            PenaliseIntercept = request.PenaliseIntercept,
            Level = request.Level,
        };
    }

    private static IFamily Family(FitRequest request, string name)
    {
        string known = $"The families are {string.Join(", ", Families)}.";
        Check(!Families.Contains(name), $"there is no family '{request.Family}'. {known}");
        if (name == "negative-binomial")
        {
            return request.Theta is double theta
                ? ProbML.Families.NegativeBinomial(theta)
                : ProbML.Families.NegativeBinomial();
        }
        if (name != "tweedie")
            return ProbML.Families.Parse(name);
        double power = request.Power ?? UsualTweediePower;
        Check(power is not (> 1 and < 2), $"--power of --family tweedie must lie between 1 and 2, not {power:R}.");
        return ProbML.Families.Tweedie(power);
    }

    private static ILinkFunction? Link(FitRequest request, string family)
    {
        if (request.Link is null)
            return null;
        string name = Normal(request.Link);
        if (name == "power")
        {
            Check(
                family == "tweedie",
                "--power is Tweedie's variance power; write the link's exponent as --link 'power(0.5)'.");
            Check(request.Power is null or 0, "--link power needs --power, its exponent: a number other than 0.");
            return ProbML.Links.Power(request.Power!.Value);
        }
        if (ProbML.Links.TryParse(name, out var link))
            return link;
        throw new UsageException($"there is no link '{request.Link}'. The links are {string.Join(", ", Links)}.");
    }

    internal static void CheckColumns(FitRequest request)
    {
        Check(
            request.Features.Count > 0 && request.Ignore.Count > 0,
            "--features and --ignore contradict each other: give one.");
        Check(
            request.Offset is not null && request.Exposure is not null,
            "--offset and --exposure contradict each other: give one.");
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (option, column) in Roles(request))
        {
            if (column is not null && !roles.TryAdd(column, option))
                throw new UsageException($"column '{column}' is both {roles[column]} and {option}.");
        }
        Check(request.Features.Contains(request.Label), $"column '{request.Label}' is the label: it cannot be a feature.");
        if (request.Categorical.FirstOrDefault(roles.ContainsKey) is string taken)
            throw new UsageException($"--categorical {taken}: that column is {roles[taken]}.");
        if (request.Features.CountBy(column => column).FirstOrDefault(column => column.Value > 1).Key is string twice)
            throw new UsageException($"--features names '{twice}' twice.");
    }

    private static IEnumerable<(string Option, string? Column)> Roles(FitRequest request) =>
    [
        .. request.GroupColumns.Select(column => ("--group", (string?)column)),
        ("--label", request.Label),
        ("--weight", request.Weight),
        ("--offset", request.Offset),
        ("--exposure", request.Exposure),
        ("--cluster", request.Cluster is { } c && request.Features.Contains(c) ? null : request.Cluster),
    ];

    internal static string Normal(string name) => name.Trim().ToLowerInvariant().Replace('_', '-');

    internal static void Check(bool isWrong, string message)
    {
        if (isWrong)
            throw new UsageException(message);
    }
}
