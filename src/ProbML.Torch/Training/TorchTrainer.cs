using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Trains a module: the one loop behind every family that needs gradients.</summary>
/// <param name="options">How; checked here.</param>
/// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
public sealed class TorchTrainer(TrainingOptions options)
{
    private readonly TrainingOptions options = Checked(options);

    /// <summary>Trains on the rows of a design.</summary>
    /// <remarks>
    /// The rows become one tensor where they fit <see cref="TrainingOptions.MemoryBudget"/>, else each epoch reads them
    /// anew through a shuffle buffer. Afterwards the module is on the CPU, in eval mode, with the weights of the result.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    /// <exception cref="InvalidOperationException">The device is missing, or the loss is no number from the start.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory; the message says what to change.</exception>
    public TrainingReceipt Train(ITrainingObjective objective, Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var device = options.Device.Resolve(monitor);
        var receipt = Run(
            objective,
            seed => DesignRows.Load(design, options, NumberType, device, seed, monitor),
            device,
            monitor);
        return receipt with { Features = [.. design.FeatureNames], Response = design.HasResponse ? design.ResponseName : null };
    }

    /// <summary>Trains on rows that are tensors already; they are moved to the device and left as they are.</summary>
    /// <inheritdoc cref="Train(ITrainingObjective, Design, TrainingMonitor)"/>
    public TrainingReceipt Train(ITrainingObjective objective, TrainingBatch rows, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(monitor);
        if (rows.Features is null || rows.Features.Dimensions < 1 || rows.Count == 0)
            throw new ArgumentException("There are no rows to train on.", nameof(rows));
        var device = options.Device.Resolve(monitor);
        return Run(
            objective,
            seed =>
            {
                using var scope = NewDisposeScope();
                var moved = rows.Map(values =>
                    values.to(NumberType, device).contiguous().alias().DetachFromDisposeScope());
                return new TensorRows(moved, RowHash.Of(rows), options, seed, owned: true);
            },
            device,
            monitor);
    }

    private ScalarType NumberType =>
        options.Precision == TrainingPrecision.DoublePrecision ? ScalarType.Float64 : ScalarType.Float32;

    private TrainingReceipt Run(
        ITrainingObjective objective, Func<int, TrainingRows> load, Device device, TrainingMonitor monitor)
    {
        int seed = options.SeedOf(monitor), threadsBefore = get_num_threads();
        var module = objective.Module;
        try
        {
            module.to(device, NumberType);
            int threads = Threads(module);
            set_num_threads(threads);
            using var rows = load(seed);
            using var training = new TrainingContext(objective, options, rows, monitor, device, seed);
            var text = OptionsAsText();
            using var run = new TrainingRun(training, text);
            foreach (var layer in Layers(module))
                layer.BeginTraining(training.Step.Random, options.Precision == TrainingPrecision.BFloat16Products);
            var ending = run.Run();
            return new()
            {
                Objective = InvariantText.Of(() => objective.Description),
                DataHash = rows.Hash,
                Rows = rows.Count,
                ValidationRows = rows.ValidationCount,
                Options = text,
                Versions = Versions(),
                Seed = seed,
                Device = device.ToString(),
                Threads = threads,
                Parameters = training.Parameters.Values.Sum(one => one.NumberOfElements),
                Steps = training.Step.Number,
                Epochs = training.Epochs,
                BestEpoch = run.ResultEpoch,
                Ending = ending,
                Resumed = run.Resumed,
                Seconds = training.Elapsed.TotalSeconds,
            };
        }
        catch (ExternalException e) when (OutOfMemory.Is(e))
        {
            throw OutOfMemory.Advise(e, options, device);
        }
        finally
        {
            foreach (var layer in Layers(module))
                layer.EndTraining();
            module.eval();
            module.zero_grad();
            module.to(CPU);
            set_num_threads(threadsBefore);
        }
    }

    private static IEnumerable<ITrainingLayer> Layers(nn.Module module) =>
        module.modules().Prepend(module).Distinct().OfType<ITrainingLayer>();

    /// <summary>One thread where a step is too small to be shared, else one a core, up to 8.</summary>
    private int Threads(nn.Module module)
    {
        const int Grain = 32_768;                            // libtorch's own: below it, it does not share an operation
        long widest = module.parameters().Select(one => one.shape.DefaultIfEmpty(1).Max()).DefaultIfEmpty(1).Max();
        return options.Threads
            ?? (options.BatchSize * widest < Grain ? 1 : Math.Min(Environment.ProcessorCount, 8));
    }

    private SortedDictionary<string, string> OptionsAsText() => new(
        typeof(TrainingOptions).GetProperties()
            .Where(property => property.Name != nameof(TrainingOptions.CheckpointFolder))
            .ToDictionary(
                property => property.Name,
                property => InvariantText.Of(property.GetValue(options))),
        StringComparer.Ordinal);

    private static SortedDictionary<string, string> Versions() => new(StringComparer.Ordinal)
    {
        ["ProbML"] = typeof(TorchTrainer).Assembly.GetName().Version!.ToString(3),
        ["TorchSharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
        [".NET"] = Environment.Version.ToString(),
        ["OS"] = RuntimeInformation.RuntimeIdentifier,
    };

    private static TrainingOptions Checked(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }
}
