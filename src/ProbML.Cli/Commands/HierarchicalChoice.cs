namespace ProbML.Cli;

/// <summary>Hierarchical regression, as options name it.</summary>
internal static class HierarchicalChoice
{
    private const int Nodes = 15;

    private static readonly string[] Methods = ["reml", "laplace", "quadrature", "nuts"];

    /// <summary>The model that a request with <c>--group</c> describes.</summary>
    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public static ModelSpec Of(FitRequest request, GlmOptions glm)
    {
        bool isLinear = glm is { Family: GaussianFamily, Link: IdentityLink };
        string method = ModelChoice.Normal(request.Method ?? (isLinear ? "reml" : "laplace"));
        ModelChoice.Check(!Methods.Contains(method), $"with --group --inference is {string.Join(", ", Methods)}, not '{request.Method}'.");
        ModelChoice.Check(method != "nuts" && (request.Chains ?? request.Warmup ?? request.Draws) is not null,
            "--chains, --warmup and --draws need --inference nuts.");
        ModelChoice.Check(method != "nuts" && (request.Priors.Count > 0 || request.DispersionPrior is not null),
            $"--prior and --dispersion-prior need --inference nuts: --inference {method} maximises a likelihood.");
        ModelChoice.Check(request.Slopes.Count > 0 && request.Groups.Count > 1,
            "--slopes needs a single --group. With several write --group 'column=a,b'.");
        if (request.GroupColumns.FirstOrDefault(column => request.Features.Contains(column)) is { } both)
            throw new UsageException($"column '{both}' is both --group and a feature.");
        try
        {
            var options = new HierarchicalOptions
            {
                Effects = [.. request.Groups.Select(text => Effect(text, request))],
                Family = glm.Family,
                Link = glm.Link,
                Intercept = glm.Intercept,
                Inference = method switch
                {
                    "reml" => HierarchicalInference.RestrictedLikelihood,
                    "quadrature" => HierarchicalInference.Quadrature(Nodes),
                    "nuts" => HierarchicalInference.Nuts(new()
                    {
                        Chains = request.Chains ?? 4,
                        Warmup = request.Warmup ?? 1000,
                        Draws = request.Draws ?? 1000,
                        TargetAcceptance = 0.9,
                    }),
                    _ => HierarchicalInference.Laplace,
                },
                Priors = BayesChoice.Priors(request) ?? new(),
                Dispersion = request.DispersionPrior is null ? null : BayesChoice.Parse(request.DispersionPrior, DispersionPrior.Parse),
                Level = request.Level,
                Seed = request.Seed,
            };
            _ = new HierarchicalFitter(options, Task(options));   // says what does not go together before the file is read
            return new HierarchicalSpec(options);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    public static PredictionTask Task(HierarchicalOptions options) =>
        options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;

    private static GroupEffect Effect(string text, FitRequest request)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] slopes = parts.Length == 1
            ? [.. request.Slopes]
            : parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ModelChoice.Check(parts[0].Length == 0, $"--group '{text}' names no column.");
        ModelChoice.Check(parts.Length == 2 && request.Slopes.Count > 0, "--slopes and --group 'column=a,b' contradict each other: give one.");
        return new(parts[0], slopes) { Correlated = !request.Independent };
    }
}
