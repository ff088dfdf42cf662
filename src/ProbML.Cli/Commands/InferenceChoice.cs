namespace ProbML.Cli;

/// <summary>What is asked for besides a fit: other standard errors, profile intervals, another principle.</summary>
/// <param name="Profile">Whether profile intervals were asked for; without it they come where they are cheap.</param>
/// <param name="Robust">The sandwich covariance, or null.</param>
/// <param name="Firth">Whether the fit is Firth's.</param>
/// <param name="Path">The path of penalties, or null.</param>
internal sealed record InferenceChoice(bool Profile, RobustKind? Robust, bool Firth, GlmPathOptions? Path)
{
    /// <summary>Reads the options, and checks that they go together.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    public static InferenceChoice Of(FitRequest request, string family, GlmOptions? glm)
    {
        (string Option, bool IsGiven)[] given =
        [
            ("--profile", request.Profile), ("--robust", request.Robust is not null),
            ("--cluster", request.Cluster is not null), ("--firth", request.Firth), ("--path", request.Path),
        ];
        Check(request.Path && glm is null, $"--path is not for --family {family}.");
        Refuse("--robust", request.Robust is not null, "--cluster", request.Cluster is not null);
        Refuse("--firth", request.Firth, "--robust", request.Robust is not null);
        Refuse("--firth", request.Firth, "--cluster", request.Cluster is not null);
        Refuse("--firth", request.Firth, "--l1 or --l2", request.L1 > 0 || request.L2 > 0);
        Refuse("--firth", request.Firth, "--drop-test", request.DropTest is not null);
        Check(request.Firth && glm?.Family is not BernoulliFamily, $"--firth is for --family bernoulli, not {family}.");
        foreach (var (option, isGiven) in given.Where(option => option.Option != "--path"))
            Refuse("--path", request.Path, option, isGiven);
        Refuse("--path", request.Path, "--l1 or --l2", request.L1 > 0 || request.L2 > 0);
        Refuse("--path", request.Path, "--drop-test", request.DropTest is not null);
        Check(request.Path && glm?.Family is NegativeBinomialFamily { Theta: null },
            "--path needs --theta for --family negative-binomial: along a path it is not estimated.");
        Check(!request.Path && request.Alpha is not null, "--alpha needs --path.");
        Check(!request.Path && request.Folds is not null, "--cv needs --path.");
        Check(!request.Path && request.LambdaRule is not null, "--lambda-rule needs --path.");
        bool sandwich = request.Robust is not null || request.Cluster is not null;
        Refuse("--l1", request.L1 > 0, "--robust or --cluster", sandwich);
        Refuse("--l1", request.L1 > 0, "--profile", request.Profile);
        var robust = Robustness(request);
        Check(glm is null && robust is (RobustKind.HC2 or RobustKind.HC3),
            $"--robust {request.Robust} is defined for models with one linear predictor: for --family {family} use hc0 or hc1.");
        return new(request.Profile, robust, request.Firth, request.Path ? PathOf(request) : null);
    }

    private static RobustKind? Robustness(FitRequest request) => request.Robust is null
        ? null
        : ModelChoice.Normal(request.Robust) switch
        {
            "hc0" => RobustKind.HC0,
            "hc1" => RobustKind.HC1,
            "hc2" => RobustKind.HC2,
            "hc3" => RobustKind.HC3,
            _ => throw new UsageException($"--robust is hc0, hc1, hc2 or hc3, not '{request.Robust}'."),
        };

    private static GlmPathOptions PathOf(FitRequest request) => new()
    {
        Alpha = request.Alpha ?? 1,
        Folds = request.Folds ?? 10,
        Seed = request.Seed,
        Rule = ModelChoice.Normal(request.LambdaRule ?? "1se") switch
        {
            "min" => LambdaRule.Minimum,
            "1se" => LambdaRule.OneStandardError,
            _ => throw new UsageException($"--lambda-rule is 'min' or '1se', not '{request.LambdaRule}'."),
        },
    };

    private static void Refuse(string option, bool isGiven, string other, bool otherIsGiven) =>
        Check(isGiven && otherIsGiven, $"{option} and {other} do not go together.");

    private static void Check(bool isWrong, string message) => ModelChoice.Check(isWrong, message);
}
