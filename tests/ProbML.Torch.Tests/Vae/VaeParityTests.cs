using ProbML.Vae;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Vae;

/// <summary>What libtorch computes and what the saved graphs compute is the same.</summary>
public sealed class VaeParityTests
{
    public static TheoryData<string> Cases => [.. All.Keys];

    private static Dictionary<string, VaeOptions> All { get; } = new()
    {
        ["mixed"] = new() { LatentSize = 3, Architecture = new MlpArchitecture { Hidden = [16, 8] } },
        ["counts"] = new()
        {
            LatentSize = 2,
            Architecture = new MlpArchitecture { Hidden = [8], Activation = Activation.Elu },
            ColumnLikelihoods = new Dictionary<string, Likelihood> { ["visits"] = Likelihoods.NegativeBinomial },
        },
        ["poisson"] = new()
        {
            LatentSize = 2, FindsCounts = true, Architecture = new MlpArchitecture { Hidden = [8], Activation = Activation.Silu },
        },
        ["per row"] = new()
        {
            LatentSize = 2,
            Architecture = new MlpArchitecture { Hidden = [8], Activation = Activation.Tanh },
            ColumnLikelihoods = new Dictionary<string, Likelihood>
            {
                ["height"] = Likelihoods.HeteroscedasticGaussian, ["weight"] = Likelihoods.GaussianWith(2.5),
            },
        },
        ["shared"] = new()
        {
            LatentSize = 2,
            Architecture = new MlpArchitecture { Hidden = [8], Activation = Activation.LeakyRelu },
            Likelihood = new GaussianLikelihood { Variances = GaussianVariance.Shared },
        },
        ["full"] = new()
        {
            LatentSize = 3, Posterior = PosteriorCovariance.Full, Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["deep"] = new()
        {
            LatentSize = 4, UpperLatentSizes = [3, 2], UpperHidden = [6], Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["deep full"] = new()
        {
            LatentSize = 3, UpperLatentSizes = [2], UpperHidden = [6], Posterior = PosteriorCovariance.Full,
            Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["planar"] = new()
        {
            LatentSize = 3, PosteriorFlow = new PlanarPosterior { Layers = 3 }, Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["sylvester"] = new()
        {
            LatentSize = 3,
            PosteriorFlow = new SylvesterPosterior { Layers = 2, Reflections = 2 },
            Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["iaf"] = new()
        {
            LatentSize = 3,
            Posterior = PosteriorCovariance.Full,
            PosteriorFlow = new InverseAutoregressivePosterior { Hidden = [6], EncoderContext = 4 },
            Architecture = new MlpArchitecture { Hidden = [8] },
        },
        ["deep sylvester"] = new()
        {
            LatentSize = 3,
            UpperLatentSizes = [1],
            UpperHidden = [6],
            PosteriorFlow = new SylvesterPosterior { Layers = 1 },
            Architecture = new MlpArchitecture { Hidden = [8] },
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Graphs_agree_with_libtorch(string name)
    {
        TorchRuntime.EnsureLoaded();
        var (options, rows) = (All[name], MixedRows.Draw(60, seed: 5));
        var design = MatrixDesign.WithoutResponse(rows, MixedRows.Names);
        var (layout, statistics) = LayoutChoice.For(options, design, TrainingMonitor.None);
        using var network = VaeNetworks.Build(options, layout, statistics, seed: 7);
        Perturb(network);
        var parts = new VaeModelParts
        {
            Layout = layout,
            LatentSizes = network.LatentSizes,
            Covariance = options.Posterior,
            Columns = VaeColumns.LatentStandardDeviation,
            Samples = 5,
            Receipt = new() { DataHash = "", Rows = 60 },
        };
        using var model = VaeNetworks.ToModel(network, parts);
        AssertSameBounds(network, model, rows, 60);
    }

    [Theory]
    [InlineData(1, 7, 5, false)]
    [InlineData(2, 6, 4, true)]
    public void Convolutions_agree_with_libtorch(int channels, int height, int width, bool gaussian)
    {
        TorchRuntime.EnsureLoaded();
        int d = channels * height * width, n = 6;
        var random = new Random(3);
        double[] rows = [.. Enumerable.Range(0, n * d).Select(i =>
            i % d == 3 ? 1 : gaussian ? random.NextDouble() : random.Next(2))];
        if (gaussian)
            rows[2] = double.NaN;
        var options = new VaeOptions
        {
            LatentSize = 3,
            Architecture = new ConvolutionalArchitecture
            {
                Channels = channels, Height = height, Width = width, Filters = [4, 5], Hidden = [7],
            },
            Likelihood = gaussian ? Likelihoods.HeteroscedasticGaussian : Likelihoods.Bernoulli,
        };
        var design = MatrixDesign.WithoutResponse(rows, [.. Enumerable.Range(0, d).Select(j => $"p{j}")]);
        var (layout, statistics) = LayoutChoice.For(options, design, TrainingMonitor.None);
        using var network = VaeNetworks.Build(options, layout, statistics, seed: 7);
        var parts = new VaeModelParts
        {
            Layout = layout, LatentSizes = [3], Samples = 4, Receipt = new() { DataHash = "", Rows = n },
        };
        using var model = VaeNetworks.ToModel(network, parts);
        AssertSameBounds(network, model, rows, n);
    }

    /// <summary>The managed sums over the graphs' numbers, with the noise that libtorch got.</summary>
    private static void AssertSameBounds(VaeNetwork network, VaeModel model, double[] rows, int n)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        int samples = model.Parts.Samples;
        float[] numbers = model.Encode(rows, n);
        var draws = model.Inference.Draw(rows, numbers, n);
        var x = tensor(rows, float32).reshape(n, -1);
        var pass = network.Run(x, Noise(model, rows, n, samples), weighs: true);
        var expected = pass.Reconstruction.t().contiguous().flatten();
        GoldenFile.AssertNear(expected, tensor(draws.Reconstruction), 1e-5);
        var weights = pass.LogWeights().t().contiguous().flatten();
        var found = draws.Reconstruction.Zip(draws.Ratios, (one, other) => one + other).ToArray();
        GoldenFile.AssertNear(weights, tensor(found), 1e-5);
        GoldenFile.AssertNear(
            pass.ImportanceBound(), tensor(Enumerable.Range(0, n).Select(draws.LogLikelihood).ToArray()), 1e-5);
        int width = model.Posteriors[0].Width;
        double[] elbo = [.. Enumerable.Range(0, n).Select(i =>
            draws.MeanReconstruction(i) - draws.Divergence(i, numbers.AsSpan(i * width, width)))];
        GoldenFile.AssertNear(pass.Elbo(), tensor(elbo), 1e-5);
    }

    private static Tensor[] Noise(VaeModel model, double[] rows, int n, int samples)
    {
        int d = model.FeatureCount;
        var noise = model.LatentSizes.Select(size => new float[samples * n * size]).ToArray();
        for (int i = 0; i < n; i++)
        {
            var random = RowNoise.Of(model.Parts.Seed, rows.AsSpan(i * d, d));
            for (int l = 0; l < noise.Length; l++)
            {
                int k = model.LatentSizes[l];
                var one = new double[samples * k];
                RowNoise.Fill(random, one);
                for (int s = 0; s < samples; s++)
                {
                    for (int j = 0; j < k; j++)
                        noise[l][(s * n + i) * k + j] = (float)one[s * k + j];
                }
            }
        }
        return [.. noise.Select((values, l) => tensor(values).reshape(samples, n, model.LatentSizes[l]))];
    }

    /// <summary>Moves biases and learned variances off their starting values.</summary>
    private static void Perturb(VaeNetwork network)
    {
        using var random = new Generator(11);
        using var none = no_grad();
        foreach (var parameter in network.parameters())
            parameter.add_(0.3 * randn(parameter.shape, generator: random));
    }
}
