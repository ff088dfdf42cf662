using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

public sealed class CircularTests
{
    [Fact]
    public void A_circular_spline_is_a_rising_map_of_the_circle_to_itself()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(8);
        var spline = new RationalQuadraticSpline { IsCircular = true, Bound = Math.PI, Bins = 6 };
        using var bijection = new Elementwise(1, spline).to(float64);
        using var none = no_grad();
        foreach (var parameter in bijection.parameters())
            parameter.add_(randn(parameter.shape, dtype: float64, generator: random));
        const int Points = 4000;
        var x = ((arange(Points, dtype: float64) + 0.5) * (2 * Math.PI / Points) - Math.PI).unsqueeze(1);
        var (u, logDet) = bijection.Forward(x);
        Assert.True(u.abs().max().item<double>() <= Math.PI);
        Assert.Equal(2 * Math.PI, logDet.exp().sum().item<double>() * 2 * Math.PI / Points, 1e-4);   // once round
        GoldenFile.AssertNear(x, bijection.Inverse(u).Data, 1e-9);
        var turned = bijection.Forward(x + 2 * Math.PI).Noise;                                        // the same angle
        GoldenFile.AssertNear(u, turned, 1e-9);
        var ends = bijection.Forward(tensor(new[] { -Math.PI, Math.PI - 1e-12 }).unsqueeze(1)).LogDet;
        Assert.Equal(ends[0].item<double>(), ends[1].item<double>(), 1e-6);                           // no kink where it closes
    }

    [Fact]
    public void Its_bound_must_be_pi() => Assert.Throws<ArgumentOutOfRangeException>(
        () => { new Elementwise(1, new RationalQuadraticSpline { IsCircular = true }).Dispose(); });
}
