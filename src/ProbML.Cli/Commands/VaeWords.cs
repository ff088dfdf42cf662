using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.CommandLine;

namespace ProbML.Cli;

/// <summary>The words of <c>fit</c> that only <c>--model vae</c> has.</summary>
internal sealed class VaeWords
{
    /// <summary>What the model is called.</summary>
    public const string Name = "vae";

    private readonly Option<double?> latent = Whole("--latent", "The dimension of the latent vector (8 unless given).");
    private readonly Option<string[]> hidden = List(
        "--hidden", "Units of the encoder's hidden layers; the decoder has them in reverse (64,64 unless given).");
    private readonly Option<double?> epochs = Whole("--epochs", "Passes over the rows (20 unless given).");
    private readonly Option<double?> batch = Whole("--batch", "Rows of a step (128 unless given).");
    private readonly Option<double?> learningRate = Number(
        "--learning-rate", "Adam's learning rate (0.001 unless given).", v => v > 0, "greater than 0");
    private readonly Option<string[]> likelihoods = Many(
        "--likelihood",
        "The distribution of columns of numbers, or of one, as column=poisson: auto (unless given: bernoulli where all are 0 or 1, "
            + "else gaussian), bernoulli, 'bernoulli(bits)', gaussian, 'gaussian(shared)', 'gaussian(per-row)', "
            + "'gaussian(fixed,0.5)', poisson, negative-binomial. Texts are categorical.");
    private readonly Option<string> posterior = Text(
        "--posterior", "The covariance of the latent vector given a row: diagonal (unless given) or full.");
    private readonly Option<string> device = Text(
        "--device", "Where it trains: auto (unless given: a GPU if there is one), cpu, cuda, cuda:1 or mps.");
    private readonly Option<bool> anomaly = Switch("--anomaly", "Fit an anomaly detector: Score is -Elbo, in nats.");
    private readonly Option<double?> falseAlarmRate = Number(
        "--false-alarm-rate",
        "The share of rows like these that --anomaly may call anomalies (0.01 unless given).",
        v => v is > 0 and < 1,
        "between 0 and 1");

    /// <summary>Adds them, and checks that the words given go with the model given.</summary>
    /// <param name="fit">The command.</param>
    /// <param name="model">The word that names the model.</param>
    /// <param name="label">The word that other models need.</param>
    /// <param name="common">The words that this model shares with others.</param>
    public void AddTo(Command fit, Option<string> model, Option label, IReadOnlyList<Option> common)
    {
        Option[] own =
        [
            latent, hidden, epochs, batch, learningRate, likelihoods, posterior, device, anomaly, falseAlarmRate,
        ];
        foreach (var option in own)
            fit.Add(option);
        fit.Validators.Add(Check);

        void Check(CommandResult result)
        {
            bool isVae = result.GetValue(model) == Name;
            foreach (var option in fit.Options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                if (isVae && option == label)
                    result.AddError("--model vae has no label: name the features, or leave the label out of them with --ignore");
                else if (isVae && option != model && !common.Contains(option) && !own.Contains(option) && !option.Recursive)
                    result.AddError($"{option.Name} is not for --model vae");
                else if (!isVae && own.Contains(option))
                    result.AddError($"{option.Name} needs --model vae");
            }
            if (!isVae && result.GetResult(label) is null or { Implicit: true })
                result.AddError($"Option '{label.Name}' is required");
        }
    }

    /// <summary>What was asked for.</summary>
    public VaeRequest Request(ParseResult result, FitRequest common)
    {
        VaeRequest usual = new() { Common = common };
        return usual with
        {
            Latent = (int?)result.GetValue(latent) ?? usual.Latent,
            Hidden = Split(result, hidden),
            Epochs = (int?)result.GetValue(epochs) ?? usual.Epochs,
            Batch = (int?)result.GetValue(batch) ?? usual.Batch,
            LearningRate = result.GetValue(learningRate) ?? usual.LearningRate,
            Likelihoods = result.GetValue(likelihoods) ?? [],
            Posterior = result.GetValue(posterior) ?? usual.Posterior,
            Device = result.GetValue(device) ?? usual.Device,
            Anomaly = result.GetValue(anomaly),
            FalseAlarmRate = result.GetValue(falseAlarmRate),
        };
    }

    private static Option<double?> Whole(string name, string description) =>
        Number(name, description, v => v >= 1 && v == Math.Floor(v) && v < 1e8, "a whole number, 1 or more");
}
