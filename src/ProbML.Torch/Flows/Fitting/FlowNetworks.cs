using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Builds the flow that options describe, and writes it as the graphs of a model.</summary>
internal static class FlowNetworks
{
    /// <summary>A flow that begins as the identity, or near it, with first weights from a seed.</summary>
    /// <param name="options">Which.</param>
    /// <param name="dimension">Columns.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="isCircular">Which columns are angles; null: none.</param>
    public static Flow Build(FlowOptions options, int dimension, int seed, bool[]? isCircular = null)
    {
        var circles = isCircular is not null && isCircular.Contains(true) ? new CircularColumns(isCircular, CircularSpline(options.Spline)) : null;
        using var random = new Generator((ulong)seed);
        var parts = new List<Bijection>();
        for (int layer = 0; layer < options.LayerCount; layer++)
        {
            if (options.Normalization == FlowNormalization.ActNorm)
                parts.Add(new ActNorm(dimension));
            else if (options.Normalization == FlowNormalization.BatchNorm)
                parts.Add(new BatchNormBijection(dimension));
            if (Mixing(options, dimension, layer, circles is not null, random) is { } mixing)
            {
                parts.Add(mixing);
                circles = circles?.Reordered(((Permutation)mixing).Order);
            }
            parts.Add(Layer(options, dimension, layer, circles, random));
        }
        int lines = dimension - (circles?.IsCircular.Count(one => one) ?? 0);
        var others = lines == 0 ? null : Base(options, lines, random);
        return new(new BijectionChain(parts), circles is null ? others : new CircularBase(circles.IsCircular, others));
    }

    /// <summary>A model with the flow's weights.</summary>
    public static FlowModel ToModel(Flow flow, FlowModelParts parts, TrainingMonitor monitor)
    {
        double error = GraphSteps.Choose(flow);
        if (!(error <= GraphSteps.Tolerated))
            monitor.Warning?.Invoke(
                $"The continuous flow is so stiff that its saved form differs by up to {error:G2} nats or units of noise in rows "
                + "of its own. Lower the learning rate, or train fewer epochs.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        int d = flow.Bijection.Dimension;
        var density = new OnnxGraph();
        var rows = new GraphValue(new(density), density.Input(FlowGraphs.RowsPort, OnnxElement.Single, d));
        var (noise, terms) = flow.Terms(rows, null);
        density.Output(FlowGraphs.NoisePort, GraphValue.Of(noise), d);
        density.Output(FlowGraphs.TermsPort, GraphValue.Of(terms), flow.HasConditionals ? d : 1);
        var sampling = new OnnxGraph();
        var drawn = new GraphValue(new(sampling), sampling.Input(FlowGraphs.NoisePort, OnnxElement.Single, d));
        sampling.Output(FlowGraphs.RowsPort, GraphValue.Of(flow.Bijection.MapBack(drawn, null).Data), d);
        parts = parts with { Noise = flow.Base.ToDistribution(), HasConditionals = flow.HasConditionals };
        return new(parts, density.ToBytes(), sampling.ToBytes());
    }

    /// <summary>Of angles, with as many bins and as small ones.</summary>
    private static RationalQuadraticSpline CircularSpline(SplineTransform line) =>
        (line as RationalQuadraticSpline ?? new() { Bins = line.Bins, MinimumBin = line.MinimumBin }) with { IsCircular = true, Bound = Math.PI };

    private static Bijection? Mixing(FlowOptions options, int dimension, int layer, bool hasCircles, Generator random) =>
        dimension == 1 ? null : options.UsualMixing switch
        {
            FlowMixing.LuLinear when hasCircles => layer > 0 && dimension > 2 ? Permutation.Random(dimension, random) : null,
            FlowMixing.LuLinear => new LuLinear(dimension),
            FlowMixing.Reverse when layer > 0 => Permutation.Reverse(dimension),
            FlowMixing.Random when layer > 0 => Permutation.Random(dimension, random),
            _ => null,
        };

    private static Bijection Layer(FlowOptions options, int dimension, int layer, CircularColumns? circles, Generator random)
    {
        if (options.Kind == FlowKind.Continuous)
            return new ContinuousBijection(dimension, options.Hidden, random, options.Continuous);
        MultilayerPerceptronOptions network = new()
        {
            HiddenSizes = options.Hidden, Activation = options.Activation, Residual = options.Residual,
        };
        ElementTransform transform = options.Kind switch
        {
            FlowKind.RealNvp => new AffineTransform { LogScaleBound = options.LogScaleBound ?? 2 },
            FlowKind.MaskedAutoregressive or FlowKind.InverseAutoregressive =>
                new StandardisingTransform { LogScaleBound = options.LogScaleBound ?? 5 },
            _ => options.Spline,
        };
        if (dimension == 1)
            return new Elementwise(1, circles is null ? transform : circles.Spline);
        if (!options.IsAutoregressive)
            return new Coupling([.. Enumerable.Range(0, dimension).Select(j => j % 2 == layer % 2)], transform, network, random, circles: circles);
        // As in other libraries; a last layer that begins at 0 ends 0.02 nats lower (power2007h1, three seeds; htru2).
        var last = options.Kind == FlowKind.MaskedAutoregressive ? WeightInitialization.FanIn : WeightInitialization.Zero;
        var autoregressive = new Autoregressive(Autoregressive.NaturalOrder(dimension), transform, network, random, last, circles: circles);
        return options.Kind == FlowKind.InverseAutoregressive ? new InverseBijection(autoregressive) : autoregressive;
    }

    private static FlowBase Base(FlowOptions options, int dimension, Generator random) => options.Noise switch
    {
        FlowNoise.Normal => new NormalBase(dimension),
        FlowNoise.StudentT => new StudentTBase(dimension),
        FlowNoise.GaussianMixture => new GaussianMixtureBase(dimension, options.MixtureComponents, random),
        _ => new StandardNormalBase(dimension),
    };
}
