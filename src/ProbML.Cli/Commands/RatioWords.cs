using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of <c>fit</c> that only <c>--model ratio</c> has.</summary>
internal sealed class RatioWords
{
    /// <summary>What the model is called.</summary>
    public const string Name = "ratio";

    /// <summary>The label of rows that are told apart by the file they lie in.</summary>
    public const string FileLabel = "(file)";

    private readonly Option<string> reference = Text(
        "--reference",
        "The file of the denominator's rows, those of --data being the numerator's; without it --label tells the samples of one file apart.");
    private readonly Option<string> shape = Text(
        "--shape", "The functions of the features: linear, quadratic, or auto (unless given: what held-out rows say).");
    private readonly Option<double?> components = VaeWords.Whole(
        "--components", "How many exponentials the ratio is a sum of (1, 2 or 3, as held-out rows say, unless given).");
    private readonly Option<double?> crossFit = Number(
        "--cross-fit",
        "How many models share the rows, so that none scores a row it saw (5 unless given; 0: all rows are scored by the one model).",
        v => v is 0 or (>= 2 and <= 100) && v == Math.Floor(v),
        "0, or a whole number from 2 to 100");
    private readonly Option<double?> maximumRatio = Number(
        "--maximum-ratio", "The ratio beyond which weights are cut (the root of the denominator's rows times their mean unless given).", v => v > 0,
        "greater than 0");
    private readonly Option<bool> network = Switch("--network", "A network, trained with libtorch, in place of products of features.");
    private readonly Option<string> loss = Text(
        "--loss", "What the network makes small: logistic (unless given), least-squares, exponential or kullback-leibler.");

    /// <summary>Adds them, and checks that the words given go with the model given.</summary>
    /// <param name="fit">The command.</param>
    /// <param name="model">The word that names the model.</param>
    /// <param name="label">The word that tells the samples of one file apart.</param>
    /// <param name="l2">The penalty's word, which a network does without.</param>
    /// <param name="common">The words that this model shares with others.</param>
    public void AddTo(Command fit, Option<string> model, Option label, Option l2, IReadOnlyList<Option> common)
    {
        Option[] classifier = [shape, components, crossFit, l2], own = [reference, shape, components, crossFit, maximumRatio, network, loss];
        foreach (var option in own)
            fit.Add(option);
        fit.Validators.Add(Check);

        void Check(CommandResult result)
        {
            bool isRatio = result.GetValue(model) == Name, hasNetwork = IsNetwork(result, model);
            foreach (var option in fit.Options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                if (!isRatio && own.Contains(option))
                    result.AddError($"{option.Name} needs --model {Name}");
                else if (hasNetwork && classifier.Contains(option))
                    result.AddError($"{option.Name} is not for --network");
                else if (isRatio && !hasNetwork && option == loss)
                    result.AddError($"{option.Name} needs --network");
                else if (isRatio && option != model && option != label && option != l2 && !option.Recursive
                    && !common.Contains(option) && !own.Contains(option) && !VaeWords.IsOfNetworks(option))
                    result.AddError($"{option.Name} is not for --model {Name}");
            }
            if (isRatio && HasReference(result, model) == result.GetResult(label) is { Implicit: false })
                result.AddError("--model ratio needs either --reference, a second file, or --label, the column that tells the samples apart");
        }
    }

    /// <summary>Whether the rows are told apart by the file they lie in.</summary>
    public bool HasReference(SymbolResult result, Option<string> model) =>
        result.GetValue(model) == Name && result.GetResult(reference) is { Implicit: false };

    /// <summary>Whether the ratio is a network's.</summary>
    public bool IsNetwork(SymbolResult result, Option<string> model) => result.GetValue(model) == Name && result.GetValue(network);

    /// <summary>The second file, or null.</summary>
    public string? Reference(ParseResult result) => result.GetValue(reference);

    /// <summary>What was asked for.</summary>
    /// <param name="result">The words.</param>
    /// <param name="l2">The penalty, if it was given.</param>
    /// <param name="trained">What was said of the network, if there is one.</param>
    public RatioRequest Request(ParseResult result, double? l2, NetworkRequest trained) => new()
    {
        Shape = result.GetValue(shape) ?? "auto",
        Components = (int?)result.GetValue(components),
        L2 = l2,
        CrossFit = (int?)result.GetValue(crossFit),
        MaximumRatio = result.GetValue(maximumRatio),
        Network = result.GetValue(network) ? trained : null,
        Loss = result.GetValue(loss),
    };
}
