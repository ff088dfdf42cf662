using System.Reflection;
using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>What every bijection must keep, over one of each kind.</summary>
public sealed class BijectionLaws
{
    private const int Rows = 24;

    public static TheoryData<string> All => [.. BijectionCases.Names];

    public static TheoryData<string, int> Small =>
        [.. new[] { 1, 2 }.SelectMany(d => BijectionCases.NamesFor(d).Select(name => (name, d)))];

    [Fact]
    public void Every_kind_is_a_case()
    {
        var met = new HashSet<Type>();
        foreach (string name in BijectionCases.Names)
        {
            using var bijection = BijectionCases.Make(name, 3);
            met.UnionWith(bijection.modules().Prepend(bijection).Select(part => part.GetType()));
            foreach (var part in bijection.modules().Prepend(bijection))
            {
                if (part.GetType().GetField("transform", BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(part) is { } own)
                    met.Add(own.GetType());
            }
        }
        var kinds = typeof(Bijection).Assembly.GetTypes().Where(type => !type.IsAbstract
            && (type.IsSubclassOf(typeof(Bijection)) || type.IsSubclassOf(typeof(ElementTransform))));
        Assert.Equal([typeof(ContextualTransform)], kinds.Except(met));             // needs a context: see ConditionalFlowTests
    }

    [Theory, MemberData(nameof(All))]
    public void Inverse_undoes_it(string name)
    {
        using var scope = NewDisposeScope();
        using var bijection = BijectionCases.Make(name, 4).to(float64);
        var x = Data(name);
        var context = Context(name, x);
        var (noise, logDet) = bijection.Forward(x, context);
        if (BijectionCases.IsOneWay(bijection))
        {
            Assert.Throws<NotSupportedException>(() => { bijection.Inverse(noise, context); });
            return;
        }
        var (back, backLogDet) = bijection.Inverse(noise, context);
        GoldenFile.AssertNear(x, back, 1e-9);
        GoldenFile.AssertNear(logDet, -backLogDet, 1e-9);
    }

    [Theory, MemberData(nameof(All))]
    public void LogDet_is_that_of_a_numerical_Jacobian(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var bijection = BijectionCases.Make(name, 4).to(float64);
        var x = Data(name);
        var context = Context(name, x);
        var (_, logDet) = bijection.Forward(x, context);
        var (_, terms) = bijection.Map(new TensorValue(x), context is null ? null : new TensorValue(context));
        var jacobian = Jacobian(bijection, x, context);
        GoldenFile.AssertNear(linalg.slogdet(jacobian).Item2, logDet, 2e-8);
        if (!bijection.IsTriangular)
            return;
        Assert.True(jacobian.triu(1).abs().max().item<double>() < 1e-10, "A column depends on one after it.");
        GoldenFile.AssertNear(jacobian.diagonal(0, 1, 2).log(), TensorValue.Of(terms!), 2e-8);
    }

    [Theory, MemberData(nameof(All))]
    public void Gradients_reach_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        using var bijection = BijectionCases.Make(name, 4);
        using var flow = new Flow(bijection);
        var x = Data(name).to(float32);
        var context = Context(name, x)?.detach().requires_grad_();
        if (!flow.parameters().Any() && context is null)
            return;
        flow.LogDensity(x, context).mean().backward();
        if (context is not null)
            Assert.Equal(NumbersRead(name), context.grad!.abs().sum([0L]).gt(0).sum().item<long>());
        foreach (var (parameter, tensor) in flow.named_parameters())
            Assert.True(tensor.grad is { } grad && grad.abs().sum().item<float>() > 0, $"None reaches {parameter}.");
    }

    [Theory, MemberData(nameof(Small))]
    public void Its_density_integrates_to_1(string name, int dimension)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var bijection = BijectionCases.Make(name, dimension).to(float64);
        using var flow = new Flow(bijection);
        double cell = dimension == 1 ? 1e-3 : 0.05;
        long points = (long)(20 / cell);
        var axis = (arange(points, dtype: float64) + 0.5) * cell - 10;       // between the knots of linear splines
        var grid = dimension == 1
            ? axis.unsqueeze(1)
            : stack([axis.repeat_interleave(points), axis.repeat(points)], 1);
        double sum = flow.LogDensity(grid, Context(name, grid)).exp().sum().item<double>() * Math.Pow(cell, dimension);
        Assert.Equal(1, sum, 2e-3);
    }

    [Theory, MemberData(nameof(All))]
    public void Its_graph_gives_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var bijection = BijectionCases.Make(name, 4);
        var x = Data(name).to(float32);
        var context = Context(name, x);
        var (noise, logDet) = bijection.Forward(x, context);
        var (first, terms) = GraphRun.Of(x, value =>
        {
            var (u, logs) = bijection.Map(value, context is null ? null : value.Lift(context));
            return [u, (logs ?? u.Zeros()).Sum(keepsAxis: true)];
        });
        GoldenFile.AssertNear(noise, first, 1e-5);
        GoldenFile.AssertNear(logDet, terms.squeeze(1), 1e-5);
        if (BijectionCases.IsOneWay(bijection))
            return;
        var (data, _) = bijection.Inverse(noise, context);
        var (back, _) = GraphRun.Of(
            noise, value => [bijection.MapBack(value, context is null ? null : value.Lift(context)).Data, value]);
        GoldenFile.AssertNear(data, back, 2e-5);
    }

    private static Tensor Data(string name)
    {
        using var random = new Generator(5);
        var x = 1.5 * randn([Rows, 4], dtype: float64, generator: random);
        return BijectionCases.HasAngles(name) ? cat([x.narrow(1, 0, 2), 3 * x.narrow(1, 2, 2).tanh()], 1) : x;      // within (−π, π)
    }

    /// <summary>The case's context beside each row.</summary>
    private static Tensor? Context(string name, Tensor x) =>
        BijectionCases.Context(name, (int)x.shape[1])?.to(x.dtype).expand(x.shape[0], -1).contiguous();

    /// <summary>How many numbers of the context it depends on: those of posteriors leave the first alone.</summary>
    private static long NumbersRead(string name) =>
        BijectionCases.Context(name, 4)!.shape[1] - (name.StartsWith("amortized", StringComparison.Ordinal) ? 1 : 0);

    /// <summary>Central differences, [n, d, d].</summary>
    private static Tensor Jacobian(Bijection bijection, Tensor x, Tensor? context)
    {
        const double Step = 1e-5;
        int d = bijection.Dimension;
        var columns = new Tensor[d];
        for (int j = 0; j < d; j++)
        {
            var move = zeros(d, dtype: float64);
            move[j] = Step;
            columns[j] = (bijection.Forward(x + move, context).Noise - bijection.Forward(x - move, context).Noise) / (2 * Step);
        }
        return stack(columns, 2);
    }
}
