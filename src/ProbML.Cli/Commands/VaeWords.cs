using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of <c>fit</c> that only <c>--model vae</c> has, or shares with other networks.</summary>
internal sealed class VaeWords
{
    /// <summary>What the model is called.</summary>
    public const string Name = "vae";

    private readonly FlowWords flow = new();
    private readonly Option<double?> latent = Whole("--latent", "The dimension of the latent vector (8 unless given).");
    private readonly Option<string[]> hidden = List(
        "--hidden", "Units of the hidden layers: of the encoder, in reverse of the decoder (64,64 unless given); of each network of a flow (128,128).");
    private readonly Option<double?> epochs = Whole("--epochs", "Passes over the rows (20 unless given; of a flow 40).");
    private readonly Option<double?> batch = Whole("--batch", "Rows of a step (128 unless given; of a flow 256).");
    private readonly Option<double?> learningRate = Number(
        "--learning-rate", "Adam's learning rate (0.001 unless given).", v => v > 0, "greater than 0");
    private readonly Option<string[]> likelihoods = Many(
        "--likelihood",
        "The distribution of columns of numbers, or of one, as column=poisson: auto (unless given: bernoulli where all are 0 or 1, "
            + "else gaussian), bernoulli, 'bernoulli(bits)', gaussian, 'gaussian(shared)', 'gaussian(per-row)', "
            + "'gaussian(fixed,0.5)', poisson, negative-binomial. Texts are categorical.");
    private readonly Option<string> posterior = Text(
        "--posterior",
        "The distribution of the latent vector given a row: normal, of diagonal (unless given) or full covariance, or a flow: planar, "
            + "sylvester or iaf (inverse autoregressive).");
    private readonly Option<string> device = Text(
        "--device",
        "Where it trains: auto (unless given: a GPU if there is one), cpu, cuda, cuda:1 or mps. --model gp with exact inference or cg computes "
            + "on the CPU without libtorch unless it is given, and has no mps.");
    private readonly Option<bool> anomaly = Switch("--anomaly", "Fit an anomaly detector: Score is -Elbo, of a flow -ln p(x), in nats.");
    private readonly Option<double?> falseAlarmRate = Number(
        "--false-alarm-rate",
        "The share of rows like these that --anomaly may call anomalies (0.01 unless given).",
        v => v is > 0 and < 1,
        "between 0 and 1");

    /// <summary>The word that says where a fit runs, which Gaussian processes have too.</summary>
    public Option<string> Device => device;

    /// <summary>Whether a word says how a network is built and trained, whatever it is of.</summary>
    public static bool IsOfNetworks(Option option) => option.Name is "--hidden" or "--epochs" or "--batch" or "--learning-rate" or "--device";

    /// <summary>Adds them, and checks that the words given go with the model given.</summary>
    /// <param name="fit">The command.</param>
    /// <param name="model">The word that names the model.</param>
    /// <param name="label">The word that other models need.</param>
    /// <param name="ratio">The words of another model that may be a network.</param>
    /// <param name="common">The words that this model shares with others.</param>
    public void AddTo(Command fit, Option<string> model, Option label, RatioWords ratio, IReadOnlyList<Option> common)
    {
        Option[] shared = [hidden, epochs, batch, learningRate, device, anomaly, falseAlarmRate];
        Option[] own = [latent, likelihoods, posterior];
        foreach (var option in (Option[])[.. own, .. shared, .. flow.Own])
            fit.Add(option);
        fit.Validators.Add(Check);

        void Check(CommandResult result)
        {
            string? given = result.GetValue(model);
            var words = given switch { Name => own, FlowWords.Name => flow.Own, _ => null };
            foreach (var option in fit.Options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                bool isShared = shared.Contains(option);
                if (words is not null && option == label)
                    result.AddError($"--model {given} has no label: name the features, or leave the label out of them with --ignore");
                else if (words is not null && option != model && !option.Recursive
                    && !common.Contains(option) && !isShared && !words.Contains(option))
                    result.AddError($"{option.Name} is not for --model {given}");
                else if (option == device && given == GpWords.Name)
                    continue;
                else if (words is null && isShared && !(IsOfNetworks(option) && ratio.IsNetwork(result, model)))
                    result.AddError(
                        $"{option.Name} needs --model vae or --model flow{(option == device ? " or --model gp" : "")}"
                        + (given == RatioWords.Name ? ", or --network" : ""));
                else if (words is null && own.Contains(option))
                    result.AddError($"{option.Name} needs --model vae");
                else if (words is null && flow.Own.Contains(option))
                    result.AddError($"{option.Name} needs --model flow");
            }
            if (words is null && given != RatioWords.Name && result.GetResult(label) is null or { Implicit: true })
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

    /// <summary>What was asked for of a flow.</summary>
    public FlowRequest FlowRequest(ParseResult result, FitRequest common) => new()
    {
        Common = common,
        Kind = flow.Kind(result),
        Layers = flow.Layers(result),
        Noise = flow.Noise(result),
        Circular = flow.Circular(result),
        Hidden = Split(result, hidden),
        Epochs = (int?)result.GetValue(epochs),
        Batch = (int?)result.GetValue(batch),
        LearningRate = result.GetValue(learningRate),
        Device = result.GetValue(device) ?? "auto",
        Anomaly = result.GetValue(anomaly),
        FalseAlarmRate = result.GetValue(falseAlarmRate),
    };

    /// <summary>What was said of a network, whatever it is of.</summary>
    public NetworkRequest Network(ParseResult result) => new(
        Split(result, hidden),
        (int?)result.GetValue(epochs),
        (int?)result.GetValue(batch),
        result.GetValue(learningRate),
        result.GetValue(device) ?? "auto");

    internal static Option<double?> Whole(string name, string description) =>
        Number(name, description, v => v >= 1 && v == Math.Floor(v) && v < 1e8, "a whole number, 1 or more");
}
