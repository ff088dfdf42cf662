using ProbML.GaussianProcesses;
using static ProbML.Cli.ModelChoice;

namespace ProbML.Cli;

/// <summary>The Gaussian process that a request describes.</summary>
internal static class GpChoice
{
    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public static ModelSpec Of(FitRequest request)
    {
        CheckColumns(request);
        string standardize = Normal(request.Gp.Standardize), family = Normal(request.Family ?? "gaussian");
        string inference = Normal(request.Method ?? family switch
        {
            "gaussian" => "exact",
            "heteroscedastic" => "vi",
            _ => "laplace",
        });
        Check(
            request.Gp.NoiseKernel is not null && family != "heteroscedastic", $"--noise-kernel is for --family heteroscedastic, not {family}.");
        Check(
            request.Gp.Noise is not null && family is not ("gaussian" or "heteroscedastic"),
            $"--noise is for --family gaussian and heteroscedastic, not {family}.");
        Check(request.Link is not null && family != "bernoulli", $"--link of --model gp is for --family bernoulli, not {family}.");
        Check(request.Theta is not null && family != "negative-binomial", $"--theta is for --family negative-binomial, not {family}.");
        Check(request.Positive is not null && family != "bernoulli", $"--positive is for --family bernoulli, not {family}.");
        Check(
            standardize is not ("both" or "features" or "label" or "none"),
            $"--standardize is both, features, label or none, not '{request.Gp.Standardize}'.");
        Check(request.Gp.OutputRank is not null && request.Gp.Outputs is null, "--output-rank needs --outputs.");
        string direction = Normal(request.Gp.Direction ?? "minimise");
        bool promises = request.Gp.Acquisitions.Count > 0;
        Check(request.Gp.Direction is not null && !promises, "--direction needs --acquisition.");
        Check(request.Gp.Best is not null && !promises, "--best needs --acquisition.");
        Check(direction is not ("minimise" or "maximise"), $"--direction is minimise or maximise, not '{request.Gp.Direction}'.");
        try
        {
            var options = new GaussianProcessOptions
            {
                Kernel = Kernel.Parse(request.Gp.Kernel),
                Likelihood = family switch
                {
                    "gaussian" => GaussianProcessLikelihood.Gaussian(request.Gp.Noise),
                    "heteroscedastic" => new HeteroscedasticLikelihood
                    {
                        NoiseKernel = Kernel.Parse(request.Gp.NoiseKernel ?? "rbf"), NoiseVariance = request.Gp.Noise,
                    },
                    "bernoulli" => GaussianProcessLikelihood.Bernoulli(request.Link is null ? null : ProbML.Links.Parse(request.Link)),
                    "poisson" => GaussianProcessLikelihood.Poisson,
                    "negative-binomial" => GaussianProcessLikelihood.NegativeBinomial(request.Theta ?? 1),
                    "student-t" => GaussianProcessLikelihood.StudentT(),
                    _ => throw new UsageException(
                        $"there is no family '{request.Family}' of --model gp. They are gaussian, heteroscedastic, bernoulli, poisson, negative-binomial, student-t."),
                },
                Inference = Inference(request.Method, inference, request.Gp.Inducing),
                Acquisition = !promises ? null : new()
                {
                    Columns = [.. request.Gp.Acquisitions.Select(Acquisition.Parse)],
                    Maximise = direction == "maximise",
                    Best = request.Gp.Best,
                },
                StandardizeFeatures = standardize is "both" or "features",
                StandardizeLabel = standardize is "both" or "label",
                Restarts = request.Gp.Restarts,
                Hyperparameters = new()
                {
                    Priors = Named("--prior", request.Priors, HyperparameterPrior.Parse),
                    Bounds = Named("--bounds", request.Gp.Bounds, Limits),
                    Fixed = request.Gp.Fixed,
                },
                Device = request.Gp.Device is { } device ? GpDevice.Of(device) : null,
                Level = request.Level,
                Seed = request.Seed,
            };
            GpOutputs.Check(request, options);
            var spec = new GpSpec(options);
            _ = new GaussianProcessFitter(options, spec.Task);  // says what does not go together before the file is read
            if (options.Device is not null)
                GpDevice.Load();
            return spec;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private static GaussianProcessInference Inference(string? written, string name, int? inducing)
    {
        SparseVariationalInference collapsed = new();
        StochasticVariationalInference stochastic = new();
        Check(inducing is not null && name is not ("sgpr" or "fitc" or "svgp"), "--inducing needs --inference sgpr, fitc or svgp.");
        return name switch
        {
            "exact" => GaussianProcessInference.Exact,
            "sgpr" => collapsed with { InducingInputs = inducing ?? collapsed.InducingInputs },
            "fitc" => collapsed with
            {
                InducingInputs = inducing ?? collapsed.InducingInputs, Approximation = SparseApproximation.Fitc,
            },
            "svgp" => stochastic with { InducingInputs = inducing ?? stochastic.InducingInputs },
            "cg" => new ConjugateGradientInference(),
            "laplace" => GaussianProcessInference.Laplace,
            "ep" => GaussianProcessInference.ExpectationPropagation,
            "vi" => GaussianProcessInference.Variational,
            _ => throw new UsageException(
                $"there is no inference '{written}' of --model gp. They are exact, sgpr, fitc, svgp and cg, "
                + "and of other families laplace, ep, vi and svgp."),
        };
    }

    private static Dictionary<string, T> Named<T>(string option, IReadOnlyList<string> texts, Func<string, T> parse)
    {
        var named = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            Check(equals <= 0, $"{option} '{text}': write hyperparameter=..., such as lengthscale=...");
            Check(!named.TryAdd(text[..equals].Trim(), parse(text[(equals + 1)..].Trim())), $"{option} names '{text[..equals]}' twice.");
        }
        return named;
    }

    private static HyperparameterBounds Limits(string text)
    {
        string[] ends = text.Split(':');
        return ends.Length == 2 && Cell.TryNumber(ends[0], out double lower) && Cell.TryNumber(ends[1], out double upper)
            ? new(lower, upper)
            : throw new UsageException($"--bounds '{text}': write two numbers as lower:upper.");
    }
}
