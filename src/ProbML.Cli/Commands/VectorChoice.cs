using System.Globalization;

namespace ProbML.Cli;

/// <summary>The models of several classes and of limited responses, as options name them.</summary>
internal static class VectorChoice
{
    public static MultinomialSpec Multinomial(FitRequest request)
    {
        Refuse(request, "multinomial");
        CheckLevels(request);
        ModelChoice.Check(request.Offset is not null, "--offset is not for --family multinomial.");
        ModelChoice.Check(request.Link is not null && ModelChoice.Normal(request.Link) != "softmax",
            $"--family multinomial has the softmax link, not '{request.Link}'.");
        var coding = ModelChoice.Normal(request.Coding ?? "reference") switch
        {
            "reference" => MultinomialCoding.Reference,
            "symmetric" => MultinomialCoding.Symmetric,
            var other => throw new UsageException($"--coding is 'reference' or 'symmetric', not '{other}'."),
        };
        return new(new()
        {
            Coding = coding,
            L2 = request.L2,
            PenaliseIntercept = request.PenaliseIntercept,
            Intercept = !request.NoIntercept,
            Level = request.Level,
        });
    }

    public static OrdinalSpec Ordinal(FitRequest request, ILinkFunction? link)
    {
        Refuse(request, "ordinal");
        CheckLevels(request);
        ModelChoice.Check(request.NoIntercept || request.PenaliseIntercept,
            "--family ordinal has thresholds, which are always there and free, and no intercept.");
        ModelChoice.Check(link is not (null or LogitLink or ProbitLink or ComplementaryLogLogLink or LogLogLink),
            $"--family ordinal has the links logit, probit, cloglog and loglog, not {link?.Name}.");
        return new(new() { Link = link ?? Links.Logit, L2 = request.L2, Level = request.Level });
    }

    public static TobitSpec Tobit(FitRequest request)
    {
        Refuse(request, "tobit");
        ModelChoice.Check(request.Link is not null && ModelChoice.Normal(request.Link) != "identity",
            $"--family tobit has the identity link, not '{request.Link}'.");
        ModelChoice.Check(request.Lower is null && request.Upper is null,
            "--family tobit needs a limit: --lower, --upper or both. Without one use --family gaussian.");
        ModelChoice.Check(request.Lower >= request.Upper, string.Create(
            CultureInfo.InvariantCulture, $"--lower must be below --upper, but {request.Lower} is not below {request.Upper}."));
        return new(new()
        {
            Lower = request.Lower,
            Upper = request.Upper,
            L2 = request.L2,
            PenaliseIntercept = request.PenaliseIntercept,
            Intercept = !request.NoIntercept,
            Level = request.Level,
        });
    }

    private static void Refuse(FitRequest request, string family)
    {
        ModelChoice.Check(request.L1 > 0, $"--l1 is not for --family {family}: use --l2.");
        ModelChoice.Check(request.Exposure is not null, $"--exposure is not for --family {family}.");
        ModelChoice.Check(request.Theta is not null, $"--theta is for --family negative-binomial, not {family}.");
        ModelChoice.Check(request.Power is not null, "--power is for --family tweedie or --link power.");
        ModelChoice.Check(request.Positive is not null, $"--positive is for --family bernoulli, not {family}.");
    }

    private static void CheckLevels(FitRequest request)
    {
        ModelChoice.Check(request.Levels.Count == 1, "--levels needs two levels or more.");
        if (request.Levels.CountBy(level => level).FirstOrDefault(level => level.Value > 1).Key is string twice)
            throw new UsageException($"--levels names '{twice}' twice.");
    }
}
