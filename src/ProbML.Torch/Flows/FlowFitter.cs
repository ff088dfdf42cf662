using System.Globalization;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Fits a normalizing flow by maximum likelihood: ln p(x) = ln b(f(x)) + ln |det ∂f/∂x|.</summary>
/// <remarks>Trains with libtorch; the model that comes of it needs none.</remarks>
public sealed class FlowFitter : IFitter<FlowModel>
{
    private readonly FlowOptions options;
    private readonly string outputColumnName;
    private readonly TorchTrainer trainer;

    /// <summary>Checks the options.</summary>
    /// <param name="options">How.</param>
    /// <param name="outputColumnName">The name of the column of noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public FlowFitter(FlowOptions options, string outputColumnName = "Noise")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        options.Validate();
        (this.options, this.outputColumnName) = (options, outputColumnName);
        trainer = new(options.Training);
        Outputs = FlowModelParts.Outputs(outputColumnName, options.Columns, OutputColumn.PerFeature);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public FlowModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        TorchRuntime.EnsureLoaded();
        var columns = FlowColumnsChoice.For(
            options.Preprocessing, options.FindsCounts, hasDensity: true, design, monitor);
        var mapped = columns.Mapped();
        using var flow = FlowNetworks.Build(options, design.FeatureCount, options.Training.SeedOf(monitor), [.. columns.Maps.Select(map => map is CircularMap)]);
        if (options.Normalization != FlowNormalization.None)
            Initialize(flow.Bijection, mapped);
        float[] cells = [.. columns.Maps.Select((map, j) => columns.IsCount[j] ? (float)(1 / ((StandardMap)map).Scale) : 0)];
        var objective = new FlowObjective(flow, columns.IsCount.Contains(true) ? cells : null, Description(columns));
        var receipt = trainer.Train(objective, mapped, monitor);
        return FlowNetworks.ToModel(flow, new()
        {
            FeatureNames = design.FeatureNames,
            Maps = columns.Maps,
            IsCount = columns.IsCount,
            Noise = flow.Base.ToDistribution(),
            Architecture = Architecture,
            OutputColumnName = outputColumnName,
            Columns = options.Columns,
            Receipt = receipt,
        }, monitor);
    }

    private string Architecture => string.Create(
        CultureInfo.InvariantCulture, $"{options.Kind} x {options.LayerCount}, {string.Join('-', options.Hidden)}");

    private string Description(FlowColumnsChoice columns) =>
        $"{options with { Training = new() }}, {string.Join('-', options.Hidden)}, {string.Join(", ", columns.Maps.AsEnumerable())}";

    /// <summary>Scales that begin from data take the first block's.</summary>
    private static void Initialize(Bijection bijection, Design design)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        if (!reader.Read(buffer))
            return;
        bijection.eval();
        var rows = tensor(buffer.Features.AsSpan(0, buffer.Count * design.FeatureCount).ToArray(), ScalarType.Float32);
        bijection.Initialize(rows.reshape(buffer.Count, -1));
    }
}
