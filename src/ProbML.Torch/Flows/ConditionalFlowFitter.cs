using System.Globalization;
using System.Collections.ObjectModel;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Fits a conditional flow by maximum likelihood: ln p(y | x) = ln φ(f(y; x)) + ln ∂f/∂y.</summary>
/// <remarks>Trains with libtorch; the model that comes of it needs none. Trippe &amp; Turner (2018); Papamakarios et al. (2021), §2.</remarks>
public sealed class ConditionalFlowFitter : IFitter<ConditionalFlowModel>
{
    private readonly ConditionalFlowOptions options;
    private readonly TorchTrainer trainer;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public ConditionalFlowFitter(ConditionalFlowOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        trainer = new(options.Training);
        Outputs = ConditionalFlowModel.Columns(options.QuantileLevels.Count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public ConditionalFlowModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        TorchRuntime.EnsureLoaded();
        var columns = FlowColumnsChoice.For(
            ReadOnlyDictionary<string, ColumnPreprocessing>.Empty, findsCounts: false, hasDensity: false, design, monitor);
        var label = design.Sum(() => new LabelScan(), monitor);
        if (!(label.StandardDeviation > 1e-12 * Math.Abs(label.Mean)))
            throw new InvalidOperationException(
                $"'{design.ResponseName}' is {label.Mean} in all {label.Rows} rows: its density is infinite. Give rows in which it varies.");
        var response = new StandardMap(label.Mean, label.StandardDeviation);
        using var random = new Generator((ulong)options.Training.SeedOf(monitor));
        var affine = new AffineTransform { LogScaleBound = 5 };
        var transforms = Enumerable.Range(0, options.Layers)
            .SelectMany(_ => new ElementTransform[] { affine, options.Spline }).Append(affine).ToArray();
        using var bijection = new ContextualTransform(transforms, design.FeatureCount, options.Network, random);
        using var flow = new Flow(bijection);
        string description = $"{options with { Training = new() }}, {string.Join('-', options.Hidden)}, {response}";
        var receipt = trainer.Train(new ConditionalObjective(flow, description), columns.Mapped(response), monitor);
        return ToModel(flow, bijection, new()
        {
            FeatureNames = design.FeatureNames,
            Maps = [.. columns.Maps.Cast<StandardMap>()],
            Response = response,
            Architecture = string.Create(
                CultureInfo.InvariantCulture, $"{options.Layers} splines, {string.Join('-', options.Hidden)}"),
            Level = options.Level,
            QuantileLevels = options.QuantileLevels,
            Receipt = receipt,
        });
    }

    private static ConditionalFlowModel ToModel(Flow flow, ContextualTransform bijection, ConditionalFlowParts parts)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        flow.eval();
        int c = parts.FeatureNames.Count;
        double[] points = ConditionalFlowModel.Points(parts.Level, parts.QuantileLevels);
        var graph = new OnnxGraph();
        var context = new GraphScope(graph);
        var features = new GraphValue(context, graph.Input(ConditionalFlowModel.FeaturesPort, OnnxElement.Single, c));
        var y = new GraphValue(context, graph.Input(ConditionalFlowModel.ResponsePort, OnnxElement.Single, 1));
        var (_, terms) = flow.Terms(y, features);
        graph.Output(ConditionalFlowModel.DensityPort, GraphValue.Of(terms), 1);
        // The points for each row: constants beside a column of zeros.
        var zeros = features.Narrow(1, 0, 1).Zeros();
        var noise = zeros + zeros.Lift(tensor(points.Select(u => (float)u).ToArray()).unsqueeze(0));
        graph.Output(
            ConditionalFlowModel.QuantilesPort,
            GraphValue.Of(bijection.MapBackEach(noise, features, points.Length).Data),
            points.Length);
        var drawn = new GraphValue(context, graph.Input(ConditionalFlowModel.NoisePort, OnnxElement.Single, 1));
        graph.Output(ConditionalFlowModel.DrawPort, GraphValue.Of(bijection.MapBack(drawn, features).Data), 1);
        return new(parts, graph.ToBytes());
    }
}
