using System.Collections.ObjectModel;
using ProbML.Flows;
using static TorchSharp.torch;

namespace ProbML.DensityRatios;

/// <summary>Fits a network f(x) = ln p(x)/q(x) by telling two samples apart, or by another Bregman loss.</summary>
/// <remarks>Trains with libtorch; the model that comes of it needs none. Sugiyama, Suzuki &amp; Kanamori (2012).</remarks>
public sealed class RatioNetworkFitter : IFitter<RatioNetworkModel>
{
    private readonly RatioNetworkOptions options;
    private readonly TorchTrainer trainer;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public RatioNetworkFitter(RatioNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        trainer = new(options.Training);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => RatioNetworkModel.Columns;

    /// <summary>Trains the network. Rows of response 1 are the numerator's, p; those of 0 the denominator's, q.</summary>
    /// <param name="design">Rows of features, with the sample that each is of, and weights if there are any.</param>
    /// <param name="monitor">Progress and cancellation.</param>
    /// <exception cref="InvalidOperationException">A sample has no rows, or a response is neither 0 nor 1.</exception>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public RatioNetworkModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        TorchRuntime.EnsureLoaded();
        int seed = options.Training.SeedOf(monitor);
        var samples = design.Sum(() => new SampleSum(design.FeatureCount, new(seed, 0)), monitor);
        DensityRatioFitter.Check(samples, design);
        var columns = FlowColumnsChoice.For(
            ReadOnlyDictionary<string, ColumnPreprocessing>.Empty, findsCounts: false, hasDensity: false, design, monitor);
        double zero = samples.WeightOf(0, 0, -1), one = samples.WeightOf(1, 0, -1);
        using var random = new Generator((ulong)seed);
        using var network = new MultilayerPerceptron(design.FeatureCount, 1, random, options.Network);
        string architecture = $"{string.Join('-', options.Hidden)}, {options.Loss}";
        var objective = new RatioObjective(
            network,
            options.Loss,
            ((zero + one) / (2 * zero), (zero + one) / (2 * one)),
            $"{options with { Training = new() }}, {string.Join('-', options.Hidden)}");
        var receipt = trainer.Train(objective, columns.Mapped(), monitor);
        var model = new RatioNetworkModel(
            new()
            {
                FeatureNames = design.FeatureNames,
                Maps = [.. columns.Maps.Cast<StandardMap>()],
                LogPriorOdds = Math.Log(one / zero),
                Architecture = architecture,
                Statistics = DensityRatioFitter.Empty(samples),
                Receipt = receipt,
            },
            GraphOf(network, design.FeatureCount));
        model = model.With(Measure(model, design, samples, monitor));
        DensityRatioFitter.Tell(model.Statistics, monitor.Warning);
        return model;
    }

    internal static byte[] GraphOf(MultilayerPerceptron network, int featureCount)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var graph = new OnnxGraph();
        var x = graph.Input(RatioNetworkModel.FeaturesPort, OnnxElement.Single, featureCount);
        graph.Output(RatioNetworkModel.LogRatioPort, network.Emit(graph, x), 1);
        return graph.ToBytes();
    }

    private DensityRatioStatistics Measure(RatioNetworkModel model, Design design, SampleSum samples, TrainingMonitor monitor)
    {
        var sum = new RatioMeasure(samples.RowsOf(1), samples.RowsOf(0), options.MaximumRatio);
        int width = model.Outputs.Count;
        float[] outputs = new float[design.BlockRows * width];
        for (int pass = 0; pass < 2; pass++)
        {
            var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
            using var reader = design.OpenReader();
            while (reader.Read(buffer))
            {
                monitor.ThrowIfCancelled();
                var block = buffer.Block;
                model.Score(block, new(outputs, width));
                for (int i = 0; i < block.Count; i++)
                    if (block.Weight(i) > 0)
                        sum.Add(outputs[i * width + 2], block.Response[i] > 0, block.Weight(i));
                if (block.Count < buffer.Capacity)
                    break;
            }
            sum.EndPass();
        }
        return sum.Finish();
    }
}
