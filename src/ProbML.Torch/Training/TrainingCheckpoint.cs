using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>What of a training under way is kept in a file, to go on from as if it had never stopped.</summary>
/// <remarks>
/// The file is named by what is trained: objective, options, rows, seed and first weights. So trainings do not disturb each
/// other in one folder, and a changed one begins anew. Epochs, device, threads and the keeping itself may change.
/// </remarks>
internal sealed class TrainingCheckpoint
{
    private const string StateKey = "state", RandomName = "random";

    private static readonly HashSet<string> Free = new(
    [
        nameof(TrainingOptions.Epochs), nameof(TrainingOptions.Device), nameof(TrainingOptions.Threads),
        nameof(TrainingOptions.CheckpointSteps), nameof(TrainingOptions.Patience),
    ]);

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly TrainingContext training;
    private readonly (string Name, Tensor Value)[] tensors;

    /// <summary>Names the file; to be made before the first step.</summary>
    public TrainingCheckpoint(
        TrainingContext training, IReadOnlyDictionary<string, string> options, IEpochRule rule, NamedTensors best)
    {
        this.training = training;
        tensors =
        [
            .. training.State.Select(one => ("weights." + one.Name, one.Value)),
            .. rule.State.Select(one => ("optimizer." + one.Name, one.Value)),
            .. best.Select(one => ("best." + one.Name, one.Value)),
            .. (training.Average ?? NamedTensors.None).Select(one => ("average." + one.Name, one.Value)),
        ];
        FilePath = Path.Combine(training.Options.CheckpointFolder!, Fingerprint(options)[..16] + ".checkpoint");
    }

    /// <summary>Where it is kept.</summary>
    public string FilePath { get; }

    /// <summary>How often this training was resumed.</summary>
    public int Resumed { get; private set; }

    /// <summary>Goes back to where the file was written, if there is one.</summary>
    /// <returns>The best epoch then; null: there is no file.</returns>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public int? Restore()
    {
        if (ChecksummedFile.Find(FilePath) is not { } path)
            return null;
        var file = SafetensorsFile.Read(ChecksummedFile.Read(path));
        var state = JsonSerializer.Deserialize<State>(file.Metadata[StateKey], Json)!;
        using (var random = training.Step.Random.get_state())
        {
            file.Match([.. tensors, (RandomName, random)]);
            file.CopyTo(RandomName, random);
            training.Step.Random.set_state(random);
        }
        foreach (var (name, value) in tensors)
            file.CopyTo(name, value);
        training.Epochs.AddRange(state.Epochs);
        training.Begin(state.Step, isTraining: true);
        training.Position = state.Position;
        training.Before = TimeSpan.FromSeconds(state.Seconds);
        training.LearningRate = state.LearningRate;
        training.Ledger.Rows = state.LedgerRows;
        foreach (var (name, sum) in state.LedgerSums)
            training.Ledger.Sums[name] = sum;
        Resumed = state.Resumed + 1;
        training.Monitor.Information?.Invoke(
            $"Training goes on from '{path}': {state.Epochs.Count} epochs and {state.Step} steps are done.");
        return state.BestEpoch;
    }

    /// <summary>Writes the file; where that fails the training goes on with a warning.</summary>
    public void Save(int bestEpoch)
    {
        training.Ledger.Flush();
        var file = new SafetensorsFile();
        foreach (var (name, value) in tensors)
            file.Add(name, value);
        using (var random = training.Step.Random.get_state())
            file.Add(RandomName, random);
        var state = new State(
            training.Step.Number,
            training.Position,
            bestEpoch,
            training.Epochs,
            training.Ledger.Rows,
            training.Ledger.Sums.ToDictionary(),
            training.LearningRate,
            training.Elapsed.TotalSeconds,
            Resumed);
        file.Metadata[StateKey] = JsonSerializer.Serialize(state, Json);
        using var memory = new MemoryStream();
        file.Write(memory);
        try
        {
            ChecksummedFile.Write(FilePath, memory.GetBuffer().AsSpan(0, (int)memory.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            training.Monitor.Warning?.Invoke(
                $"The checkpoint '{FilePath}' could not be written ({e.Message}). Training goes on without it.");
        }
    }

    private string Fingerprint(IReadOnlyDictionary<string, string> options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(InvariantText.Of(() => training.Objective.Description));
        Add(training.Rows.Hash);
        Add(training.Rows.GetType().Name);                   // rows in memory and rows of a stream come in other orders
        Add(training.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (name, value) in options.Where(one => !Free.Contains(one.Key)))
            Add($"{name}={value}");
        foreach (var (name, value) in training.State)
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            Add($"{name}: {value.dtype} [{string.Join(", ", value.shape)}]");
            hash.AppendData(value.detach().cpu().contiguous().bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record State(
        long Step,
        long Position,
        int BestEpoch,
        IReadOnlyList<TrainingEpoch> Epochs,
        long LedgerRows,
        IReadOnlyDictionary<string, double> LedgerSums,
        double LearningRate,
        double Seconds,
        int Resumed);
}
