using ProbML.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Vae;

/// <summary>Posteriors that a flow makes of a Gaussian one.</summary>
public sealed class FlowPosteriorTests
{
    private const int Rows = 3, Dimension = 3;

    private static Dictionary<string, PosteriorFlow> Flows { get; } = new()
    {
        ["planar"] = new PlanarPosterior { Layers = 3 },
        ["sylvester"] = new SylvesterPosterior { Layers = 2, Reflections = 2 },
        ["inverse autoregressive"] = new InverseAutoregressivePosterior { Hidden = [7], EncoderContext = 4 },
    };

    public static TheoryData<string, PosteriorCovariance> Cases =>
        [.. Flows.Keys.SelectMany(name => Enum.GetValues<PosteriorCovariance>().Select(covariance => (name, covariance)))];

    public static TheoryData<string> Names => [.. Flows.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Its_log_density_is_that_of_the_noise_less_the_numerical_Jacobians(string name, PosteriorCovariance covariance)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(3);
        var posterior = Posterior(name, covariance, random);
        var noise = randn([2, Rows, Dimension], dtype: float64, generator: random);
        var (value, logDensity) = posterior.Draw(noise);
        GoldenFile.AssertNear(value, posterior.Sample(noise), 1e-14);
        var columns = new Tensor[Dimension];
        for (int j = 0; j < Dimension; j++)
        {
            var move = zeros(Dimension, dtype: float64);
            move[j] = Step;
            columns[j] = (posterior.Sample(noise + move) - posterior.Sample(noise - move)) / (2 * Step);
        }
        var logDet = linalg.slogdet(stack(columns, -1)).Item2;
        var logNoise = -0.5 * (noise.square() + Math.Log(2 * Math.PI)).sum(-1);
        GoldenFile.AssertNear(logNoise - logDet, logDensity, 1e-8);
        Assert.Null(posterior.KlTerms());
    }

    /// <summary>Several draws at once are those draws one by one: each row keeps its own numbers.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Draws_of_a_row_take_the_rows_numbers(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(4);
        var posterior = Posterior(name, PosteriorCovariance.Diagonal, random);
        var noise = randn([2, Rows, Dimension], dtype: float64, generator: random);
        var (value, logDensity) = posterior.Draw(noise);
        for (int s = 0; s < 2; s++)
        {
            var (one, weight) = posterior.Draw(noise[s]);
            GoldenFile.AssertNear(one, value[s], 1e-14);
            GoldenFile.AssertNear(weight, logDensity[s], 1e-14);
        }
    }

    /// <summary>ELBO ≤ IWAE(2) ≤ IWAE(400) ≤ ln p(x), the evidence by quadrature over z.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Bounds_rise_to_the_evidence(string name)
    {
        const int Repeats = 300;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var network = Network(Flows[name]);
        using var random = new Generator(6);
        var x = tensor(new double[] { 1, 0, 1, 1, 0, 0 }, [2, 3]);
        var axis = (arange(240, dtype: float64) + 0.5) / 15 - 8;
        var grid = stack([axis.repeat_interleave(240), axis.repeat(240)], 1);
        var logJoint = network.LogLikelihood(x, grid.unsqueeze(1).expand(-1, 2, -1))
            - 0.5 * (grid.square() + Math.Log(2 * Math.PI)).sum(1, keepdim: true);
        var evidence = logJoint.logsumexp(0) - 2 * Math.Log(15);
        var many = x.repeat(Repeats, 1);
        Tensor Bound(int samples) => network
            .Run(many, network.Noise(2 * Repeats, samples, random, CPU, float64), weighs: true)
            .ImportanceBound().reshape(Repeats, 2);
        Tensor[] bounds = [Bound(1), Bound(2), Bound(400), evidence.unsqueeze(0)];
        for (int i = 0; i + 1 < bounds.Length; i++)
        {
            var error = (bounds[i].@var(0) / Repeats + (bounds[i + 1].shape[0] > 1 ? bounds[i + 1].@var(0) / Repeats : 0)).sqrt();
            var gap = bounds[i + 1].mean([0L]) - bounds[i].mean([0L]);
            Assert.True((gap + 4 * error).min().item<double>() > 0, $"Bound {i + 1} is below bound {i}.");
        }
        Assert.True((bounds[0].mean([0L]) + 0.01 - bounds[2].mean([0L])).max().item<double>() < 0);   // not equal for nothing
        var (loose, tight) = (evidence - bounds[0].mean([0L]), evidence - bounds[2].mean([0L]));
        Assert.True((tight - 0.3 * loose).max().item<double>() < 0, $"{loose.mean().item<double>()}, {tight.mean().item<double>()}");
    }

    /// <summary>The moments in the graph, by 128 draws, are those of many draws.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Columns_are_the_moments_of_the_posterior(string name)
    {
        TorchRuntime.EnsureLoaded();
        double[] rows = [.. Enumerable.Range(0, 40).Select(i => (double)(i % 7) - (i % 3))];
        var design = MatrixDesign.WithoutResponse(rows, ["a", "b"]);
        var options = new VaeOptions
        {
            LatentSize = 2,
            Posterior = PosteriorCovariance.Full,
            PosteriorFlow = Flows[name],
            Architecture = new MlpArchitecture { Hidden = [6] },
        };
        var (layout, statistics) = LayoutChoice.For(options, design, TrainingMonitor.None);
        using var network = VaeNetworks.Build(options, layout, statistics, seed: 7);
        using var scope = NewDisposeScope();
        using var random = new Generator(11);
        using var none = no_grad();
        foreach (var parameter in network.parameters())
            parameter.add_(0.3 * randn(parameter.shape, generator: random));
        var parts = new VaeModelParts
        {
            Layout = layout,
            LatentSizes = [2],
            Covariance = options.Posterior,
            Columns = VaeColumns.LatentStandardDeviation,
            Receipt = new() { DataHash = "", Rows = 20 },
        };
        using var model = VaeNetworks.ToModel(network, parts);
        var outputs = new float[20 * 4];
        model.Score(new RowBlock(20, 2, rows), new OutputBlock(outputs, 4));
        var numbers = tensor(model.Encode(rows, 20)).reshape(20, -1);
        var draws = network.Posteriors[0].Of(numbers).Sample(randn([20_000, 20, 2], generator: random));
        var expected = cat([draws.mean([0L]), draws.std(0)], 1);
        var deviation = expected.narrow(1, 2, 2).repeat(1, 2);
        var error = ((tensor(outputs).reshape(20, 4) - expected) / deviation).abs();
        Assert.True(error.max().item<float>() < 3 / Math.Sqrt(128), $"{error.max().item<float>()} standard deviations off");
        Assert.True(error.mean().item<float>() < 0.04, $"{error.mean().item<float>()} standard deviations off on average");
    }

    /// <summary>Where the flow does nothing the fixed draws give the Gaussian's own mean and deviations.</summary>
    [Theory, MemberData(nameof(Covariances))]
    public void Moments_are_exact_where_the_flow_is_affine(PosteriorCovariance covariance)
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(2);
        var flow = new InverseAutoregressivePosterior { Hidden = [3], EncoderContext = 2 };
        var family = new PosteriorFamily(covariance, Dimension, flow.Create(Dimension, random), 2);
        using var moments = PosteriorFlowGraph.Load(
            covariance, Dimension, () => new(VaeNetworks.Graph(family.Flow!, family)));
        float[] numbers = [.. Enumerable.Range(0, family.Width).Select(i => MathF.Sin(i))];
        float[] mean = new float[Dimension], deviation = new float[Dimension], expected = new float[Dimension];
        moments.Moments(numbers, 1, mean, deviation);
        new PosteriorNumbers(covariance, Dimension, 2).StandardDeviation(numbers, expected);
        Assert.All(numbers[..Dimension].Zip(mean), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(expected.Zip(deviation), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    public static TheoryData<PosteriorCovariance> Covariances => [.. Enum.GetValues<PosteriorCovariance>()];

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        static void Refused(PosteriorFlow flow, string message) => Assert.StartsWith(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => new VaeFitter(new() { PosteriorFlow = flow })).Message,
            StringComparison.Ordinal);
        Refused(new PlanarPosterior { Layers = 0 }, "Layers of a posterior flow must lie between 1 and 1024, but is 0.");
        Refused(new SylvesterPosterior { Reflections = 0 }, "Reflections of a posterior flow must lie between 1 and 1024");
        Refused(new InverseAutoregressivePosterior { EncoderContext = -1 }, "EncoderContext of a posterior flow must lie");
        Refused(new InverseAutoregressivePosterior { Hidden = [0] }, "HiddenSizes must each be at least 1, but one is 0.");
    }

    private static IPosterior Posterior(string name, PosteriorCovariance covariance, Generator random)
    {
        var flow = Flows[name].Create(Dimension, random);
        flow.to(float64);
        foreach (var parameter in flow.parameters())
            parameter.add_(0.3 * randn(parameter.shape, dtype: float64, generator: random));
        var family = new PosteriorFamily(covariance, Dimension, flow, Flows[name].ContextSize(Dimension));
        return family.Of(0.7 * randn([Rows, family.Width], dtype: float64, generator: random));
    }

    private static VaeNetwork Network(PosteriorFlow flow)
    {
        var layout = new LikelihoodLayout(["a", "b", "c"], [new(Likelihoods.Bernoulli, [0, 1, 2])]);
        var statistics = ColumnStatistics.Standard(3);
        using var random = new Generator(1);
        var layers = new MultilayerPerceptronOptions { HiddenSizes = [6], Activation = Activation.Tanh };
        var family = new PosteriorFamily(PosteriorCovariance.Diagonal, 2, flow.Create(2, random), flow.ContextSize(2));
        var network = new VaeNetwork(
            new InputPreparation(layout, statistics, type: float64),
            new LikelihoodHead(layout, statistics, float64),
            [family],
            [new MultilayerPerceptron(3, family.Width, random, layers)],
            [new MultilayerPerceptron(2, 3, random, layers)]);
        network.to(float64);
        foreach (var parameter in network.parameters())
            parameter.add_(0.2 * randn(parameter.shape, dtype: float64, generator: random));
        return network;
    }
}
