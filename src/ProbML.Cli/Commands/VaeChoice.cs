using System.Globalization;
using ProbML.Vae;
using static ProbML.Cli.ModelChoice;

namespace ProbML.Cli;

/// <summary>The autoencoder that a request describes.</summary>
internal sealed class VaeChoice
{
    private static readonly int[] UsualHidden = [64, 64];

    private readonly VaeRequest request;
    private readonly TrainingDevice device;
    private readonly Likelihood? numbers;
    private readonly PosteriorCovariance covariance;
    private readonly PosteriorFlow? flow;
    private readonly Dictionary<string, Likelihood> named = new(StringComparer.Ordinal);

    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public VaeChoice(VaeRequest request)
    {
        this.request = request;
        CheckColumns(request.Common);
        Check(request.FalseAlarmRate is not null && !request.Anomaly, "--false-alarm-rate needs --anomaly.");
        Posterior = Normal(request.Posterior);
        (covariance, flow) = Posterior switch
        {
            "diagonal" => (PosteriorCovariance.Diagonal, (PosteriorFlow?)null),
            "full" => (PosteriorCovariance.Full, null),
            "planar" => (PosteriorCovariance.Diagonal, new PlanarPosterior()),
            "sylvester" => (PosteriorCovariance.Diagonal, new SylvesterPosterior()),
            "iaf" => (PosteriorCovariance.Diagonal, new InverseAutoregressivePosterior()),
            _ => throw new UsageException(
                $"--posterior is 'diagonal', 'full', 'planar', 'sylvester' or 'iaf', not '{request.Posterior}'."),
        };
        device = DeviceOf(request.Device);
        Hidden = request.Hidden.Count == 0 ? UsualHidden : [.. request.Hidden.Select(Units)];
        foreach (string text in request.Likelihoods)
        {
            int split = text.LastIndexOf('=');
            if (split < 0)
            {
                Check(numbers is not null, "--likelihood gives all columns two distributions; write column=poisson for one.");
                numbers = Parse(text, text);
            }
            else
            {
                string column = text[..split];
                var likelihood = Parse(text, text[(split + 1)..])
                    ?? throw new UsageException($"--likelihood '{text}': auto is for all columns; leave '{column}' out.");
                Check(!named.TryAdd(column, likelihood), $"--likelihood gives '{column}' two distributions.");
            }
        }
    }

    /// <summary>Units of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>The posterior's name.</summary>
    public string Posterior { get; }

    /// <summary>The columns that a distribution is given for.</summary>
    public IEnumerable<string> NamedColumns => named.Keys;

    /// <summary>How it is built and trained on columns that are known.</summary>
    public VaeOptions Options(IEnumerable<DesignTerm> terms)
    {
        var columns = new Dictionary<string, Likelihood>(named, StringComparer.Ordinal);
        foreach (var term in terms)
        {
            // one level is a constant, which as a number is left out of the likelihood
            if (term.Levels is { } levels)
                columns[term.Column + "="] = levels.Count > 1 ? Likelihoods.Categorical : Likelihoods.Gaussian;
        }
        return new()
        {
            LatentSize = request.Latent,
            Architecture = new MlpArchitecture { Hidden = Hidden },
            Posterior = covariance,
            PosteriorFlow = flow,
            Likelihood = numbers,
            ColumnLikelihoods = columns,
            Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo,
            Training = new()
            {
                Epochs = request.Epochs,
                BatchSize = request.Batch,
                LearningRate = request.LearningRate,
                Device = device,
                Seed = request.Common.Seed ?? 1,
                ValidationFraction = request.Anomaly ? new VaeAnomalyOptions().Autoencoder.Training.ValidationFraction : 0,
            },
        };
    }

    /// <summary>A likelihood; null: found from the data.</summary>
    private static Likelihood? Parse(string option, string name)
    {
        if (Normal(name) == "auto")
            return null;
        Likelihood likelihood;
        try
        {
            likelihood = Likelihoods.Parse(Normal(name));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new UsageException($"--likelihood '{option}': {e.Message.ReplaceLineEndings(" ")}");
        }
        Check(
            likelihood is CategoricalLikelihood,
            $"--likelihood '{option}': texts are categorical as they are; name columns of numbers that are levels with --categorical.");
        Check(likelihood is ConstantLikelihood, $"--likelihood '{option}': leave a constant column out with --ignore.");
        return likelihood;
    }

    /// <summary>A device by its name.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static TrainingDevice DeviceOf(string name) =>
        TrainingDevice.TryParse(name, CultureInfo.InvariantCulture, out var device)
            ? device
            : throw new UsageException($"--device '{name}': there is no such device. Choose auto, cpu, cuda, cuda:1 or mps.");

    /// <summary>Units of a hidden layer.</summary>
    /// <exception cref="UsageException">They are no whole number.</exception>
    public static int Units(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int units) && units > 0
            ? units
            : throw new UsageException($"--hidden '{text}': units are whole numbers, 1 or more, as in 64,64.");
}
