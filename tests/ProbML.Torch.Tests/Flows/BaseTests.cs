using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

public sealed class BaseTests
{
    public static TheoryData<string> All => ["standard normal", "normal", "student", "mixture"];

    [Theory, MemberData(nameof(All))]
    public void Samples_quantiles_density_and_graph_agree(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var noise = Make(name, 1);
        using var wide = Make(name, 3);
        noise.to(float64);
        var axis = ((arange(8000, dtype: float64) + 0.5) * 0.01 - 40).unsqueeze(1);
        var density = noise.LogDensity(axis).exp() * 0.01;
        Assert.Equal(1, density.sum().item<double>(), 2e-3);          // the tails of Student's t reach far
        var distribution = noise.ToDistribution();
        var cumulative = density.cumsum(0);
        foreach (double p in new[] { 0.05, 0.3, 0.5, 0.9 })
        {
            double u = distribution.Quantile(p);
            Assert.Equal(p, cumulative[(long)((u + 40) / 0.01)].item<double>(), 8e-3);
        }
        var random = new Random(3);
        var draws = new double[4000];
        for (int i = 0; i < draws.Length; i++)
            distribution.Sample(random, draws.AsSpan(i, 1));
        Assert.Equal(0.3, draws.Count(u => u <= distribution.Quantile(0.3)) / 4000.0, 0.03);

        using var generator = new Generator(2);
        var rows = randn([9, 3], generator: generator);
        var (total, _) = GraphRun.Of(rows, value => [wide.LogDensity(value).Sum(keepsAxis: true), value]);
        GoldenFile.AssertNear(wide.LogDensity(rows), total.squeeze(1), 1e-5);

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            wide.ToDistribution().Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var read = NoiseDistribution.Read(reader);
        var (first, second) = (new double[3], new double[3]);
        read.Sample(new(1), first);
        wide.ToDistribution().Sample(new(1), second);
        Assert.Equal(first, second);
    }

    [Theory, MemberData(nameof(All))]
    public void Gradients_reach_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        using var noise = Make(name, 3);
        using var random = new Generator(2);
        var loss = noise.LogDensity(randn([50, 3], generator: random)).mean();
        if (name == "standard normal")
            return;
        loss.backward();
        foreach (var (parameter, values) in noise.named_parameters())
            Assert.True(values.grad is { } grad && grad.abs().sum().item<float>() > 0, parameter);
    }

    private static FlowBase Make(string name, int dimension)
    {
        using var random = new Generator(6);
        FlowBase made = name switch
        {
            "standard normal" => new StandardNormalBase(dimension),
            "normal" => new NormalBase(dimension),
            "student" => new StudentTBase(dimension, 5),
            _ => new GaussianMixtureBase(dimension, 4, random),
        };
        using var none = no_grad();
        foreach (var parameter in made.parameters())
            parameter.add_(0.3 * randn(parameter.shape, generator: random));
        return made;
    }
}
