using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Continuous flows: reference values, traces, gradients, graphs.</summary>
public sealed class ContinuousFlowTests
{
    private static readonly ContinuousFlowOptions Exact = new() { Tolerance = 1e-12 };

    [Theory, MemberData(nameof(GoldenFlowTests.Precisions), MemberType = typeof(GoldenFlowTests))]
    public void A_linear_flow_is_the_matrix_exponential(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var file = GoldenFile.Open("trace_and_continuous_flow.json", type);
        using var flow = Linear(file, type);
        var golden = file["linear_flow"];
        var (end, logDet) = flow.Forward(golden.Tensor("z0"));
        GoldenFile.AssertNear(golden.Tensor("z1"), end, tolerance);
        GoldenFile.AssertNear(golden.Tensor("logdet").expand(3), logDet, tolerance);
        GoldenFile.AssertNear(golden.Tensor("z0"), flow.Inverse(end).Data, 3 * tolerance);
    }

    [Theory, MemberData(nameof(GoldenFlowTests.Precisions), MemberType = typeof(GoldenFlowTests))]
    public void A_network_flow(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var golden = GoldenFile.Open("trace_and_continuous_flow.json", type)["mlp_flow"];
        using var flow = Network(golden, type);
        var start = golden.Tensor("z0");
        var (end, logDet) = flow.Forward(start);
        GoldenFile.AssertNear(golden.Tensor("z1"), end, tolerance);
        GoldenFile.AssertNear(golden.Tensor("logdet"), logDet, tolerance);
        var (_, trace) = At(flow, start, null);
        GoldenFile.AssertNear(golden.Tensor("jacobian_trace_at_z0"), trace, tolerance);
        // Eight equal steps: of order 5, nearer to the truth than the reference's eight of order 4.
        (flow.GraphSteps, flow.IsFixed) = (8, true);
        var (fixedEnd, fixedLogDet) = flow.Forward(start);
        Assert.True(Off(fixedEnd, golden.Tensor("z1")) <= Off(golden["rk4_8_steps"].Tensor("z1"), golden.Tensor("z1")));
        Assert.True(Off(fixedLogDet, golden.Tensor("logdet")) <= Off(golden["rk4_8_steps"].Tensor("logdet"), golden.Tensor("logdet")));

        static double Off(Tensor one, Tensor other) => (one - other).abs().max().to(float64).item<double>();
    }

    [Theory, MemberData(nameof(GoldenFlowTests.Precisions), MemberType = typeof(GoldenFlowTests))]
    public void Hutchinsons_estimates_are_the_references(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var file = GoldenFile.Open("trace_and_continuous_flow.json", type);
        using var linear = Linear(file, type);
        using var network = Network(file["mlp_flow"], type);
        foreach (string kind in (string[])["rademacher", "gaussian"])
        {
            var probes = file[kind].Tensor("probes");
            var (_, estimates) = At(linear, probes.zeros_like(), probes);
            GoldenFile.AssertNear(file[kind].Tensor("values"), estimates, tolerance);
            Assert.Equal(file[kind].Number("mean"), estimates.mean().to(float64).item<double>(), tolerance * 10);
        }
        var (_, trace) = At(linear, file["linear_flow"].Tensor("z0"), null);
        GoldenFile.AssertNear(file.Tensor("exact_trace").expand(3), trace, tolerance);
        var signs = file["rademacher"].Tensor("probes");
        var first = file["mlp_flow"].Tensor("z0")[0].unsqueeze(0).expand(signs.shape[0], -1);
        GoldenFile.AssertNear(file["hutchinson_with_fixed_probe"].Tensor("values"), At(network, first, signs).Trace, tolerance);
    }

    /// <summary>Many probes: their mean is the trace and their variance the reference's, within four standard errors.</summary>
    [Theory, InlineData("rademacher"), InlineData("gaussian")]
    public void The_variance_of_a_probe_is_the_references(string kind)
    {
        const int Count = 40_000;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(1);
        var file = GoldenFile.Open("trace_and_continuous_flow.json", float64);
        using var linear = Linear(file, float64);
        var probes = kind == "gaussian"
            ? randn([Count, 5], dtype: float64, generator: random)
            : rand([Count, 5], dtype: float64, generator: random).ge(0.5).to(float64) * 2 - 1;
        var (_, estimates) = At(linear, probes.zeros_like(), probes);
        double variance = file[kind].Number("variance_of_one_probe"), mean = estimates.mean().item<double>();
        Assert.Equal(file.Number("exact_trace"), mean, 4 * Math.Sqrt(variance / Count));
        var squares = (estimates - mean).square();
        Assert.Equal(variance, squares.mean().item<double>(), 4 * squares.std().item<double>() / Math.Sqrt(Count));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Formula_of_the_trace_is_that_of_the_Jacobian(int depth)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        using var flow = Moved(3, [.. Enumerable.Repeat(5, depth)], random);
        var z = randn([4, 3], dtype: float64, generator: random).requires_grad_();
        var (slope, trace) = At(flow, z, null, time: 0.3);
        var sum = zeros(4, dtype: float64);
        for (int i = 0; i < 3; i++)
        {
            var rows = autograd.grad([slope.narrow(1, i, 1).sum()], [z], retain_graph: true, allow_unused: depth == 0)[0];
            sum = sum + rows.narrow(1, i, 1).squeeze(1);
        }
        GoldenFile.AssertNear(sum, trace, 1e-12);
        // The mean of vᵀJv over all eight signs of v is the trace, exactly.
        var signs = tensor(Enumerable.Range(0, 24).Select(i => (i / 3 >> i % 3 & 1) * 2.0 - 1).ToArray(), [8, 3]);
        var estimates = At(flow, z[0].unsqueeze(0).expand(8, -1), signs, time: 0.3).Trace;
        Assert.Equal(trace[0].item<double>(), estimates.mean().item<double>(), 1e-12);
    }

    /// <summary>Gradients through accepted steps are those of the density computed.</summary>
    [Fact]
    public void Gradients_are_the_derivatives_of_the_density()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        using var bijection = Moved(2, [6, 5], random);
        using var flow = new Flow(bijection);
        var x = randn([8, 2], dtype: float64, generator: random);
        flow.call(x).mean().backward();
        using var none = no_grad();
        foreach (var (name, parameter) in bijection.named_parameters())
        {
            const double Step = 1e-5;
            double Value(double move)
            {
                parameter.view(-1)[0] += move;
                double value = flow.call(x).mean().item<double>();
                parameter.view(-1)[0] -= move;
                return value;
            }
            double expected = (Value(Step) - Value(-Step)) / (2 * Step);
            Assert.Equal(expected, parameter.grad!.view(-1)[0].item<double>(), 1e-7 * (1 + Math.Abs(expected)));
        }
    }

    /// <summary>In training a trace may be estimated, without bias; what is reported of a fitted model is exact.</summary>
    [Theory, InlineData(TraceEstimator.Rademacher), InlineData(TraceEstimator.Gaussian)]
    public void Estimates_are_for_training_alone_and_without_bias(TraceEstimator estimator)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(7);
        using var flow = Moved(3, [6], random, new() { Tolerance = 1e-7, Trace = estimator });
        var x = randn([1, 3], dtype: float64, generator: random).expand(4000, -1);
        var (_, exact) = flow.Forward(x);
        flow.train();
        flow.BeginTraining(random, bfloat16Products: false);
        var (_, first) = flow.Forward(x);
        flow.eval();
        GoldenFile.AssertNear(exact, flow.Forward(x).LogDet, 1e-12);
        flow.train();
        flow.EndTraining();
        GoldenFile.AssertNear(exact, flow.Forward(x).LogDet, 1e-12);
        double error = first.std().item<double>() / Math.Sqrt(4000);
        Assert.True(error > 1e-5);
        Assert.Equal(exact[0].item<double>(), first.mean().item<double>(), 4 * error);
    }

    [Fact]
    public void A_graph_takes_as_many_steps_as_its_error_needs()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(9);
        using var mild = new Flow(new ContinuousBijection(2, [8], random));
        Assert.Equal(0, GraphSteps.Choose(mild));                        // the identity
        using var strong = new Flow(Moved(2, [8, 8], random, move: 1.5).to(float32));
        double error = GraphSteps.Choose(strong);
        Assert.InRange(error, 1e-12, 1e-4);
        var part = (ContinuousBijection)strong.Bijection;
        Assert.True(part.GraphSteps > ((ContinuousBijection)mild.Bijection).GraphSteps);
        Assert.False(part.IsFixed);
        Assert.All(strong.parameters(), parameter => Assert.Equal(float32, parameter.dtype));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        static void Refused(ContinuousFlowOptions options, string message) => Assert.StartsWith(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new FlowFitter(new() { Kind = FlowKind.Continuous, Continuous = options })).Message,
            StringComparison.Ordinal);
        Refused(new() { Tolerance = 0 }, "Tolerance must lie between 1e-12 and 0.1, but is 0.");
        Refused(new() { Tolerance = double.NaN }, "Tolerance must lie between 1e-12 and 0.1, but is NaN.");
        Refused(new() { Trace = (TraceEstimator)9 }, "Trace has no value 9.");
    }

    private static (Tensor Slope, Tensor Trace) At(ContinuousBijection flow, Tensor z, Tensor? probe, double time = 0)
    {
        var (slope, trace) = flow.Dynamics.At(
            new TensorValue(z),
            new TensorValue(tensor(time, dtype: z.dtype)),
            flow.Dynamics.TraceWeights(),
            probe is null ? null : new TensorValue(probe));
        return (TensorValue.Of(slope), TensorValue.Of(trace).squeeze(1));
    }

    private static ContinuousBijection Moved(
        int dimension, int[] hidden, Generator random, ContinuousFlowOptions? options = null, double move = 0.4)
    {
        var flow = new ContinuousBijection(dimension, hidden, random, options ?? Exact);
        flow.to(float64);
        using var none = no_grad();
        foreach (var parameter in flow.parameters())
            parameter.add_(move * randn(parameter.shape, dtype: float64, generator: random));
        flow.eval();
        return flow;
    }

    private static ContinuousBijection Linear(GoldenFile file, ScalarType type)
    {
        using var random = new Generator(1);
        var flow = new ContinuousBijection(5, [], random, Exact);
        flow.to(type);
        flow.named_parameters().ToDictionary(one => one.name, one => one.parameter)["dynamics.layer0.weight"].copy_(file.Tensor("A"));
        return flow;
    }

    private static ContinuousBijection Network(GoldenFile golden, ScalarType type)
    {
        using var random = new Generator(1);
        var flow = new ContinuousBijection(5, [4], random, Exact);
        flow.to(type);
        var named = flow.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        for (int l = 0; l < 2; l++)
        {
            named[$"dynamics.layer{l}.weight"].copy_(golden.Tensor($"W{l + 1}"));
            named[$"dynamics.layer{l}.bias"].copy_(golden.Tensor($"b{l + 1}"));
        }
        return flow;
    }
}
