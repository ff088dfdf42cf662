using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of <c>fit</c> that only <c>--model gp</c> has, and those it shares with others.</summary>
internal sealed class GpWords
{
    /// <summary>What the model is called.</summary>
    public const string Name = "gp";

    private readonly Option<string> kernel = Text(
        "--kernel",
        "The covariance function of --model gp: sums and products such as 'matern52(ard) + linear' (rbf(ard) unless given); its numbers are "
            + "where the search starts.");
    private readonly Option<double?> noise = Number(
        "--noise", "The noise variance where the search starts (0.1 unless given).", v => v > 0, "greater than 0");
    private readonly Option<string[]> bounds = Many(
        "--bounds", "The limits of a hyperparameter, as 'lengthscale=0.1:10' or 'noise_variance=0.01:1'.");
    private readonly Option<string[]> isFixed = List("--fix", "Hyperparameters that stay where they start.");
    private readonly Option<double?> restarts = Number(
        "--restarts", "How many further starts the search has (2 unless given).", v => v >= 0 && v == Math.Floor(v) && v < 1e6,
        "a whole number, 0 or more");
    private readonly Option<double?> inducing = Number(
        "--inducing", "How many inducing inputs --inference sgpr, fitc (200 unless given) or svgp (500) has.",
        v => v >= 1 && v == Math.Floor(v) && v < 1e6, "a whole number, 1 or more");
    private readonly Option<string> noiseKernel = Text(
        "--noise-kernel", "The covariance function of the noise's logarithm, of --family heteroscedastic (rbf unless given).");
    private readonly Option<string[]> acquisition = List(
        "--acquisition",
        "Columns that say what an evaluation promises: ei, logei, pi (with a margin, as 'ei(0.1)'), ucb (with kappa, as 'ucb(2)'), variance.");
    private readonly Option<string> direction = Text(
        "--direction", "What --acquisition looks for: minimise (unless given) or maximise the response.");
    private readonly Option<double?> best = Number(
        "--best", "The best response so far, which --acquisition improves on (the best posterior mean of a row unless given).",
        double.IsFinite, "a finite number");
    private readonly Option<string> outputs = Text(
        "--outputs",
        "The column that names which of several outputs a row observes: one learns from another, by what they have in common. The kernel is "
            + "of the other features.");
    private readonly Option<double?> outputRank = Number(
        "--output-rank", "How many functions the outputs share (1 unless given; 0: none, each has its own).",
        v => v >= 0 && v == Math.Floor(v) && v < 1e3, "a whole number, 0 or more");
    private readonly Option<string> standardize = Text(
        "--standardize", "What is scaled to mean 0 and standard deviation 1 before the kernel sees it: both (unless given), features, "
            + "label or none.");

    /// <summary>Adds them, and checks that the words given go with the model given.</summary>
    /// <param name="fit">The command.</param>
    /// <param name="model">The word that names the model.</param>
    /// <param name="common">The words that this model shares with others.</param>
    public void AddTo(Command fit, Option<string> model, IReadOnlyList<Option> common)
    {
        Option[] own = [kernel, noise, noiseKernel, bounds, isFixed, restarts, inducing, standardize, acquisition, direction, best, outputs, outputRank];
        foreach (var option in own)
            fit.Add(option);
        fit.Validators.Add(Check);

        void Check(CommandResult result)
        {
            string chosen = result.GetValue(model) ?? "glm";
            foreach (var option in fit.Options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                if (chosen == Name && option != model && !common.Contains(option) && !own.Contains(option) && !option.Recursive)
                    result.AddError($"{option.Name} is not for --model gp");
                else if (chosen is not (Name or VaeWords.Name) && own.Contains(option))
                    result.AddError($"{option.Name} needs --model gp");
            }
        }
    }

    /// <summary>What was asked for.</summary>
    public GpRequest Request(ParseResult result)
    {
        GpRequest usual = new();
        return new()
        {
            Kernel = result.GetValue(kernel) ?? usual.Kernel,
            Noise = result.GetValue(noise),
            NoiseKernel = result.GetValue(noiseKernel),
            Bounds = result.GetValue(bounds) ?? [],
            Fixed = Split(result, isFixed),
            Restarts = (int?)result.GetValue(restarts) ?? usual.Restarts,
            Inducing = (int?)result.GetValue(inducing),
            Acquisitions = Split(result, acquisition),
            Direction = result.GetValue(direction),
            Best = result.GetValue(best),
            Outputs = result.GetValue(outputs),
            OutputRank = (int?)result.GetValue(outputRank),
            Standardize = result.GetValue(standardize) ?? usual.Standardize,
        };
    }
}

/// <summary>What <c>probml fit --model gp</c> was asked for, as written.</summary>
internal sealed record GpRequest
{
    public string Kernel { get; init; } = "rbf(ard)";

    public double? Noise { get; init; }

    public string? NoiseKernel { get; init; }

    public IReadOnlyList<string> Bounds { get; init; } = [];

    public IReadOnlyList<string> Fixed { get; init; } = [];

    public int Restarts { get; init; } = 2;

    public int? Inducing { get; init; }

    public IReadOnlyList<string> Acquisitions { get; init; } = [];

    public string? Direction { get; init; }

    public double? Best { get; init; }

    /// <summary>The column that names outputs; null: there is one output.</summary>
    public string? Outputs { get; init; }

    public int? OutputRank { get; init; }

    public string Standardize { get; init; } = "both";

    /// <summary>Where covariances are computed; null: by the managed code.</summary>
    public string? Device { get; init; }
}
