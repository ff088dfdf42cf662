using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class NetworkTests
{
    [Theory]
    [InlineData(WeightInitialization.FanIn, 1.0 / 300)]
    [InlineData(WeightInitialization.KaimingUniform, 2.0 / 100)]
    [InlineData(WeightInitialization.KaimingNormal, 2.0 / 100)]
    [InlineData(WeightInitialization.XavierUniform, 2.0 / 400)]
    [InlineData(WeightInitialization.XavierNormal, 2.0 / 400)]
    [InlineData(WeightInitialization.Zero, 0)]
    public void First_weights_have_the_variance_of_their_formula(WeightInitialization initialization, double variance)
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(1);
        using var layer = new DenseLayer(100, 300, random, initialization);
        using var scope = NewDisposeScope();
        Assert.Equal(variance, layer.Weight.var().item<float>(), 0.03 * variance);
        Assert.Equal(0, layer.Weight.mean().item<float>(), 4 * Math.Sqrt(variance / 30_000));
        Assert.Equal(initialization == WeightInitialization.FanIn, layer.Bias!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void A_generator_of_ones_own_decides_and_scopes_do_not_take_parameters()
    {
        TorchRuntime.EnsureLoaded();
        MultilayerPerceptron Make(ulong seed)
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed);
            return new(4, 2, random, new() { LayerNormalization = true, Dropout = 0.1 });
        }
        using MultilayerPerceptron one = Make(1), same = Make(1), other = Make(2);
        Assert.Equal(Bytes(one), Bytes(same));
        Assert.NotEqual(Bytes(one), Bytes(other));
        string[] names = [.. one.named_parameters().Select(parameter => parameter.name).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "hidden0.bias", "hidden0.weight", "hidden1.bias", "hidden1.weight", "normalization0.bias",
                "normalization0.weight", "normalization1.bias", "normalization1.weight", "output.bias", "output.weight",
            ],
            names);
    }

    [Fact]
    public void Dropout_keeps_the_mean_in_training_and_everything_elsewhere()
    {
        TorchRuntime.EnsureLoaded();
        using var layer = new SeededDropout(0.3);
        using var random = new Generator(1);
        using var scope = NewDisposeScope();
        var x = ones(100, 1_000);
        layer.train();
        Assert.Equal(100_000, layer.call(x).sum().item<float>());
        layer.BeginTraining(random, bfloat16Products: false);
        var dropped = layer.call(x);
        Assert.Equal(0.3, dropped.eq(0).to(ScalarType.Float32).mean().item<float>(), 0.01);
        Assert.Equal(1, dropped.mean().item<float>(), 0.01);
        layer.eval();
        Assert.Equal(100_000, layer.call(x).sum().item<float>());
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededDropout(1));
    }

    [Fact]
    public void Products_in_bfloat16_train_and_end_with_the_training()
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(1);
        using var objective = new Regression(new(3, 1, random, new() { HiddenSizes = [32], Activation = Activation.Tanh }));
        var rows = LinearObjective.Rows(400);
        var receipt = new TorchTrainer(new()
        {
            Epochs = 30, LearningRate = 0.01, Precision = TrainingPrecision.BFloat16Products,
        }).Train(objective, rows, TrainingMonitor.None);
        Assert.True(receipt.Epochs[^1].Loss < 0.02 * receipt.Epochs[0].Loss);
        Assert.True(objective.SawRounding);
        using var scope = NewDisposeScope();
        var x = randn([10, 3], generator: random);
        var (exact, weights) = (objective.Network.call(x), objective.Network.state_dict());
        var h = x.matmul(weights["hidden0.weight"].T).add(weights["hidden0.bias"]).tanh();
        var wanted = h.matmul(weights["output.weight"].T).add(weights["output.bias"]);
        Assert.True((exact - wanted).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Sizes_that_make_no_network_are_refused()
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseLayer(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new MultilayerPerceptron(2, 2, random, new() { HiddenSizes = [4, 0] }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new MultilayerPerceptron(2, 2, random, new() { Dropout = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvolutionLayer.Create(1, 1, 3, random, stride: 0));
    }

    private static byte[] Bytes(nn.Module module)
    {
        using var stream = new MemoryStream();
        Safetensors.Save(module, stream);
        return stream.ToArray();
    }

    private sealed class Regression(MultilayerPerceptron network) : ITrainingObjective, IDisposable
    {
        public MultilayerPerceptron Network => network;

        public nn.Module Module => network;

        public bool SawRounding { get; private set; }

        public Tensor Loss(TrainingBatch batch, TrainingStep step)
        {
            var fitted = network.call(batch.Features);
            Assert.Equal(ScalarType.Float32, fitted.dtype);
            var first = network.get_parameter("hidden0.weight")!;
            var exact = batch.Features.matmul(first.T);
            SawRounding |= (exact - exact.to(ScalarType.BFloat16).to(ScalarType.Float32)).abs().max().item<float>() > 0;
            return batch.Mean((fitted.squeeze(1) - batch.Response!).square());
        }

        public void Dispose() => network.Dispose();
    }
}
