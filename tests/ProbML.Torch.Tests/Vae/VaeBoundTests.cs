using ProbML.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Vae;

/// <summary>A small network with every number known.</summary>
public sealed class VaeBoundTests
{
    [Theory, MemberData(nameof(GaussianTests.Precisions), MemberType = typeof(GaussianTests))]
    public void Bounds_and_their_gradients_are_the_reference(ScalarType type, double tolerance)
    {
        var golden = GoldenFile.Open("vae_elbo_iwae.json", type);
        using var network = Network(golden, type);
        using var scope = NewDisposeScope();
        var x = golden.Tensor("x");
        var noise = golden.Tensor("eps").transpose(0, 1).contiguous();           // [K, n, k]

        var many = network.Run(x, [noise], weighs: true);
        GoldenFile.AssertNear(golden.Tensor("kl_closed_form"), many.KlTerms.sum(-1), tolerance);
        GoldenFile.AssertNear(golden.Tensor("rec"), many.Reconstruction.t(), tolerance);
        GoldenFile.AssertNear(golden.Tensor("log_w"), many.LogWeights().t(), tolerance);
        var iwae = many.ImportanceBound();
        GoldenFile.AssertNear(golden.Tensor("iwae"), iwae, tolerance);
        iwae.mean().backward();
        AssertGradients(golden["grad_mean_iwae"], network, tolerance);

        network.zero_grad();
        var one = network.Run(x, [noise[0]], weighs: false);
        GoldenFile.AssertNear(golden.Tensor("elbo_with_eps1"), one.Elbo(), tolerance);
        one.Elbo().mean().backward();
        AssertGradients(golden["grad_mean_elbo_eps1"], network, tolerance);
    }

    private static void AssertGradients(GoldenFile expected, VaeNetwork network, double tolerance)
    {
        var parameters = network.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        foreach (var (name, part, layer) in Parts)
        {
            GoldenFile.AssertNear(expected[part].Tensor("W"), parameters[$"{name}.{layer}.weight"].grad!, tolerance);
            GoldenFile.AssertNear(expected[part].Tensor("b"), parameters[$"{name}.{layer}.bias"].grad!, tolerance);
        }
    }

    private static (string Name, string Part, string Layer)[] Parts =>
        [("encoder1", "e1", "hidden0"), ("encoder1", "e2", "output"), ("decoder1", "d1", "hidden0"), ("decoder1", "d2", "output")];

    private static VaeNetwork Network(GoldenFile golden, ScalarType type)
    {
        int d = (int)golden.Number("D"), h = (int)golden.Number("H"), k = (int)golden.Number("Z");
        var layout = new LikelihoodLayout(
            [.. Enumerable.Range(0, d).Select(j => $"x{j}")], [new(Likelihoods.Bernoulli, [.. Enumerable.Range(0, d)])]);
        var statistics = ColumnStatistics.Standard(d);
        using var random = new Generator(1);
        var layers = new MultilayerPerceptronOptions { HiddenSizes = [h], Activation = Activation.Tanh };
        var network = new VaeNetwork(
            new InputPreparation(layout, statistics, type: type),
            new LikelihoodHead(layout, statistics, type),
            [new PosteriorFamily(PosteriorCovariance.Diagonal, k)],
            [new MultilayerPerceptron(d, 2 * k, random, layers)],
            [new MultilayerPerceptron(k, d, random, layers)]);
        network.to(type);
        var parameters = network.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        using var none = no_grad();
        foreach (var (name, part, layer) in Parts)
        {
            string source = (part[0] == 'e' ? "enc" : "dec") + part[1];
            parameters[$"{name}.{layer}.weight"].copy_(golden[source].Tensor("W"));
            parameters[$"{name}.{layer}.bias"].copy_(golden[source].Tensor("b"));
        }
        return network;
    }
}
