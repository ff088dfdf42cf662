using ProbML.Flows;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>Builds the networks that the options describe, and writes them as the graphs of a model.</summary>
internal static class VaeNetworks
{
    /// <summary>A network with first weights from a seed.</summary>
    /// <exception cref="InvalidOperationException">The features do not fit a convolutional architecture.</exception>
    public static VaeNetwork Build(VaeOptions options, LikelihoodLayout layout, ColumnStatistics statistics, int seed)
    {
        using var random = new Generator((ulong)seed);
        var head = new LikelihoodHead(layout, statistics);
        int[] sizes = [options.LatentSize, .. options.UpperLatentSizes];
        PosteriorFamily[] posteriors = [.. sizes.Select(size => new PosteriorFamily(
            options.Posterior,
            size,
            options.PosteriorFlow?.Create(size, random),
            options.PosteriorFlow?.ContextSize(size) ?? 0))];
        var encoders = new Module<Tensor, Tensor>[sizes.Length];
        var decoders = new Module<Tensor, Tensor>[sizes.Length];
        bool convolves = options.Architecture is ConvolutionalArchitecture;
        var preparation = new InputPreparation(layout, statistics, indicateAll: convolves);
        (encoders[0], decoders[0]) = options.Architecture switch
        {
            ConvolutionalArchitecture images => Images(images, preparation, head, posteriors[0], random),
            MlpArchitecture mlp => Rows(mlp, preparation, head, posteriors[0], random),
            _ => throw new ArgumentException("There is no such architecture.", nameof(options)),
        };
        int[] hidden = [.. options.UpperHidden], reversed = [.. options.UpperHidden.Reverse()];
        var activation = options.Architecture.Activation;
        for (int l = 1; l < sizes.Length; l++)
        {
            encoders[l] = Perceptron(sizes[l - 1], hidden, posteriors[l].Width, activation, random);
            decoders[l] = Perceptron(sizes[l], reversed, 2 * sizes[l - 1], activation, random);
        }
        return new(preparation, head, posteriors, encoders, decoders);
    }

    /// <summary>A model with the network's weights.</summary>
    public static VaeModel ToModel(VaeNetwork network, VaeModelParts parts)
    {
        var encoders = new ReadOnlyMemory<byte>[network.LayerCount];
        var decoders = new ReadOnlyMemory<byte>[network.LayerCount];
        var flows = new List<ReadOnlyMemory<byte>>();
        for (int l = 1; l <= network.LayerCount; l++)
        {
            int below = l == 1 ? parts.Layout.FeatureNames.Count : parts.LatentSizes[l - 2], size = parts.LatentSizes[l - 1];
            encoders[l - 1] = Graph(
                l == 1 ? VaeGraphs.FeaturesPort : VaeGraphs.LatentPort,
                below,
                VaeGraphs.PosteriorPort,
                network.Posteriors[l - 1].Width,
                (graph, input) => network.EmitEncoder(l, graph, input));
            decoders[l - 1] = Graph(
                VaeGraphs.LatentPort,
                size,
                VaeGraphs.ParametersPort,
                l == 1 ? parts.Layout.ParameterCount : 2 * below,
                (graph, z) => network.EmitDecoder(l, graph, z));
            if (network.Posteriors[l - 1] is { Flow: { } flow } family)
                flows.Add(Graph(flow, family));
        }
        return new(parts, encoders, decoders, flows);
    }

    /// <summary>The graph of a posterior's flow.</summary>
    public static ReadOnlyMemory<byte> Graph(BijectionChain flow, PosteriorFamily family)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var graph = new OnnxGraph();
        var values = new GraphScope(graph);
        var (latent, terms) = flow.Map(
            new GraphValue(values, graph.Input(PosteriorFlowGraph.StartPort, OnnxElement.Single, family.Dimension)),
            new GraphValue(values, graph.Input(PosteriorFlowGraph.ContextPort, OnnxElement.Single, family.ContextSize)));
        graph.Output(PosteriorFlowGraph.LatentPort, GraphValue.Of(latent), family.Dimension);
        graph.Output(PosteriorFlowGraph.LogDetPort, GraphValue.Of(terms!.Sum(keepsAxis: true)), 1);
        return graph.ToBytes();
    }

    private static (Module<Tensor, Tensor> Encoder, Module<Tensor, Tensor> Decoder) Rows(
        MlpArchitecture mlp, InputPreparation preparation, LikelihoodHead head, PosteriorFamily posterior, Generator random)
    {
        var encoder = Perceptron(preparation.OutputCount, mlp.Hidden, posterior.Width, mlp.Activation, random);
        var decoder = Perceptron(
            posterior.Dimension, [.. mlp.Hidden.Reverse()], head.RawWidth, mlp.Activation, random);
        using var none = no_grad();
        using var start = tensor(head.StartBias());
        decoder.Output.Bias!.copy_(start);
        return (encoder, decoder);
    }

    private static (Module<Tensor, Tensor> Encoder, Module<Tensor, Tensor> Decoder) Images(
        ConvolutionalArchitecture images,
        InputPreparation preparation,
        LikelihoodHead head,
        PosteriorFamily posterior,
        Generator random)
    {
        int d = head.Layout.FeatureNames.Count, pixels = images.Height * images.Width;
        if (pixels * images.Channels != d)
            throw new InvalidOperationException(
                $"Images of {images.Channels} x {images.Height} x {images.Width} have {pixels * images.Channels} values, but "
                + $"there are {d} features. Correct Height, Width and Channels.");
        if (head.Groups.Count != 1)
            throw new InvalidOperationException(
                "A convolutional architecture needs one likelihood for all pixels; "
                + $"found were {string.Join(", ", head.Groups.Select(group => group.Group.Likelihood))}. Set Likelihood.");
        var group = head.Groups[0];
        int kinds = group.RawWidth / group.Width;
        long[]? wanted = group.Width == d
            ? null
            : [.. Enumerable.Range(0, kinds).SelectMany(kind => group.Group.Columns.Select(column => (long)kind * d + column))];
        int planes = images.Channels * (preparation.OutputCount / d);
        var encoder = new ConvolutionalEncoder(
            new(planes, images.Height, images.Width), images, posterior.Width, random);
        var decoder = new ConvolutionalDecoder(
            posterior.Dimension,
            new(images.Channels * kinds, images.Height, images.Width),
            images,
            wanted,
            head.StartBias(),
            random);
        return (encoder, decoder);
    }

    private static MultilayerPerceptron Perceptron(
        int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation, Generator random) =>
        new(inputs, outputs, random, new() { HiddenSizes = hidden, Activation = activation });

    private static ReadOnlyMemory<byte> Graph(
        string inputName, int inputs, string outputName, int outputs, Func<IOnnxGraph, OnnxValue, OnnxValue> emit)
    {
        var graph = new OnnxGraph();
        graph.Output(outputName, emit(graph, graph.Input(inputName, OnnxElement.Single, inputs)), outputs);
        return graph.ToBytes();
    }
}
