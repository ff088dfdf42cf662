using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Bijections against reference values: weights, rows and answers are given.</summary>
public sealed class GoldenFlowTests
{
    public static TheoryData<ScalarType, double> Precisions => new() { { float64, 1e-9 }, { float32, 1e-5 } };

    [Theory, MemberData(nameof(Precisions))]
    public void Affine_couplings(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var file = GoldenFile.Open("affine_coupling.json", type);
        using var chain = new BijectionChain([.. file.Items("layers").Select(Layer)]);
        using var flow = new Flow(chain);
        flow.to(type);
        var x = file.Tensor("x");
        var (first, firstLogDet) = chain.Parts[0].Forward(x);
        GoldenFile.AssertNear(file["layer1"].Tensor("y"), first, tolerance);
        GoldenFile.AssertNear(file["layer1"].Tensor("logdet"), firstLogDet, tolerance);
        var (second, secondLogDet) = chain.Parts[1].Forward(first);
        GoldenFile.AssertNear(file["layer2"].Tensor("y"), second, tolerance);
        GoldenFile.AssertNear(file["layer2"].Tensor("logdet"), secondLogDet, tolerance);
        GoldenFile.AssertNear(file.Tensor("log_prob"), flow.call(x), tolerance);
        GoldenFile.AssertNear(x, chain.Inverse(second).Data, tolerance);

        Coupling Layer(GoldenFile layer)
        {
            var mask = layer.Tensor("mask");
            bool[] passes = [.. mask.to(float32).data<float>().ToArray().Select(one => one == 1)];
            using var random = new Generator(1);
            var coupling = new Coupling(
                passes,
                new AffineTransform { LogScaleBound = null },
                new() { HiddenSizes = [6], Activation = Activation.Tanh },
                random);
            coupling.to(type);
            int[] moved = [.. Enumerable.Range(0, 4).Where(j => !passes[j])];
            var kept = tensor(Enumerable.Range(0, 4).Where(j => passes[j]).Select(j => (long)j).ToArray());
            var outputs = tensor(moved.SelectMany(j => new long[] { j, j + 4 }).ToArray());       // t and s of a column
            var named = coupling.named_parameters().ToDictionary(one => one.name, one => one.parameter);
            named["conditioner.hidden0.weight"].copy_(layer["hidden"].Tensor("W").index_select(1, kept));
            named["conditioner.hidden0.bias"].copy_(layer["hidden"].Tensor("b"));
            named["conditioner.output.weight"].copy_(layer["out"].Tensor("W").index_select(0, outputs));
            named["conditioner.output.bias"].copy_(layer["out"].Tensor("b").index_select(0, outputs));
            return coupling;
        }
    }

    [Theory, MemberData(nameof(Precisions))]
    public void A_masked_autoregressive_layer(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var file = GoldenFile.Open("autoregressive.json", type);
        var maf = file["maf"];
        int[] order = [.. file.Tensor("order").to(float32).data<float>().ToArray().Select(one => (int)one)];
        using var random = new Generator(1);
        using var layer = new Autoregressive(order, new StandardisingTransform(), new() { HiddenSizes = [8] }, random);
        using var flow = new Flow(layer);
        flow.to(type);
        var outputs = tensor(Enumerable.Range(0, 4).SelectMany(j => new long[] { j, j + 4 }).ToArray());   // m and a of a column
        var named = layer.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        var buffers = layer.named_buffers().ToDictionary(one => one.name, one => one.buffer);
        GoldenFile.AssertNear(file.Tensor("mask1"), buffers["conditioner.hidden1.mask"], 0);
        GoldenFile.AssertNear(
            file.Tensor("mask2"), buffers["conditioner.output.mask"].index_select(0, tensor(new long[] { 0, 2, 4, 6 })), 0);
        named["conditioner.hidden1.weight"].copy_(maf["layer1"].Tensor("W"));
        named["conditioner.hidden1.bias"].copy_(maf["layer1"].Tensor("b"));
        named["conditioner.output.weight"].copy_(maf["layer2"].Tensor("W").index_select(0, outputs));
        named["conditioner.output.bias"].copy_(maf["layer2"].Tensor("b").index_select(0, outputs));
        var x = maf.Tensor("x");
        var (noise, logDet) = layer.Forward(x);
        GoldenFile.AssertNear(maf.Tensor("u"), noise, tolerance);
        GoldenFile.AssertNear(maf.Tensor("logdet"), logDet, tolerance);
        GoldenFile.AssertNear(maf.Tensor("log_prob"), flow.call(x), tolerance);
        GoldenFile.AssertNear(x, layer.Inverse(noise).Data, tolerance);
    }

    [Theory]
    [InlineData(0, 1e-9), InlineData(1, 1e-9), InlineData(2, 1e-9), InlineData(3, 1e-9)]
    [InlineData(0, 1e-5), InlineData(1, 1e-5), InlineData(3, 1e-5)]
    public void Rational_quadratic_splines(int index, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var type = tolerance < 1e-6 ? float64 : float32;
        var one = GoldenFile.Open("rational_quadratic_spline.json", type).Items("cases").ElementAt(index);
        var spline = new RationalQuadraticSpline
        {
            Bins = (int)one.Number("K"),
            Bound = one.Number("B"),
            MinimumBin = one.Number("min_bin_width"),
            MinimumSlope = one.Number("min_derivative"),
        };
        var raw = cat([one.Tensor("raw_widths"), one.Tensor("raw_heights"), one.Tensor("raw_inner_derivatives")]);
        var (y, logDerivative) = spline.Map(Rows(one.Tensor("x")), Parameters(one.Tensor("x")));
        GoldenFile.AssertNear(one.Tensor("y"), TensorValue.Of(y).squeeze(1), tolerance);
        // In Single no answer can be better than that of a number a rounding or two away, computed in Double.
        var own = one.Tensor("x").to(float64);
        double rounding = type == float64 ? 0 : 2 * MathF.BitIncrement(3f) - 6;
        var spread = (Exactly(own + rounding) - Exactly(own - rounding)).abs();
        var off = (TensorValue.Of(logDerivative).squeeze(1).to(float64) - one.Tensor("log_derivative").to(float64)).abs();
        Assert.True((off - spread).max().item<double>() <= tolerance, $"{off.max().item<double>()}");
        var inverse = one["inverse"];
        var (x, backLog) = spline.MapBack(Rows(inverse.Tensor("y")), Parameters(inverse.Tensor("y")));
        GoldenFile.AssertNear(inverse.Tensor("x"), TensorValue.Of(x).squeeze(1), tolerance);
        GoldenFile.AssertNear(inverse.Tensor("log_derivative_of_inverse"), TensorValue.Of(backLog).squeeze(1), tolerance);

        Tensor Exactly(Tensor at) => TensorValue.Of(
            spline.Map(Rows(at), new TensorValue(raw.to(float64).reshape(1, 1, -1).expand(at.shape[0], 1, -1)))
                .LogDerivative).squeeze(1);

        TensorValue Parameters(Tensor rows) => new(raw.reshape(1, 1, -1).expand(rows.shape[0], 1, -1));
    }

    private static TensorValue Rows(Tensor values) => new(values.unsqueeze(1));
}
