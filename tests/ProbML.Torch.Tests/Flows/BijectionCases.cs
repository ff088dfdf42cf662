using ProbML.Flows;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>A bijection of each kind, moved off where it begins.</summary>
internal static class BijectionCases
{
    private static readonly MultilayerPerceptronOptions Small = new() { HiddenSizes = [10, 9], Activation = Activation.Tanh };

    private static readonly Dictionary<string, Func<int, Generator, Bijection>> Makers = new()
    {
        ["actnorm"] = (d, _) => new ActNorm(d),
        ["batch norm"] = (d, _) => new BatchNormBijection(d),
        ["lu"] = (d, _) => new LuLinear(d),
        ["reverse"] = (d, _) => Permutation.Reverse(d),
        ["random permutation"] = (d, random) => Permutation.Random(d, random),
        ["elementwise affine"] = (d, _) => new Elementwise(d, new AffineTransform()),
        ["elementwise quadratic"] = (d, _) => new Elementwise(d, new RationalQuadraticSpline { Bins = 5 }),
        ["elementwise linear"] = (d, _) => new Elementwise(d, new LinearSpline { Bins = 6 }),
        ["coupling affine"] = (d, random) => new Coupling(Every(d, 2), new AffineTransform(), Small, random),
        ["coupling quadratic"] = (d, random) =>
            new Coupling(Every(d, 2), new RationalQuadraticSpline(), Small with { Residual = true }, random),
        ["coupling linear"] = (d, random) => new Coupling(Every(d, 2), new LinearSpline { Bound = 4 }, Small, random),
        ["autoregressive affine"] = (d, random) =>
            new Autoregressive(Autoregressive.NaturalOrder(d), new StandardisingTransform { LogScaleBound = 3 }, Small, random),
        ["autoregressive backwards"] = (d, random) => new Autoregressive(
            [.. Enumerable.Range(1, d).Reverse()],
            new StandardisingTransform(),
            Small with { HiddenSizes = [12, 12], Residual = true },
            random),
        ["autoregressive quadratic"] = (d, random) =>
            new Autoregressive(Autoregressive.NaturalOrder(d), new RationalQuadraticSpline(), Small, random),
        ["inverse autoregressive"] = (d, random) => new InverseBijection(
            new Autoregressive(Autoregressive.NaturalOrder(d), new AffineTransform(), Small, random)),
        ["planar"] = (d, random) => new PlanarBijection(d, random),
        ["sylvester"] = (d, random) => new SylvesterBijection(d, Math.Min(d, 2), random),
        ["continuous"] = (d, random) => new ContinuousBijection(d, [10, 9], random, new() { Tolerance = 1e-11 }),
        ["continuous, one hidden layer"] = (d, random) => new ContinuousBijection(d, [10], random, new() { Tolerance = 1e-11 }),
        ["continuous, three hidden layers"] = (d, random) =>
            new ContinuousBijection(d, [6, 5, 6], random, new() { Tolerance = 1e-11 }),
        ["amortized planar"] = (d, _) => new AmortizedPlanar(d, start: 1),
        ["amortized sylvester"] = (d, _) => new AmortizedSylvester(d, Math.Min(d, 3), start: 1),
        ["autoregressive in context"] = (d, random) => new Autoregressive(
            Autoregressive.NaturalOrder(d), new AffineTransform(), Small, random, contextSize: 3),
        ["coupling with angles"] = (d, random) => new Coupling(Every(d, 2), new AffineTransform(), Small, random, circles: Angles(d)),
        ["autoregressive with angles"] = (d, random) => new Autoregressive(
            Autoregressive.NaturalOrder(d), new RationalQuadraticSpline { Bins = 5 }, Small, random, circles: Angles(d)),
        ["chain"] = (d, random) => new BijectionChain(
            new ActNorm(d),
            new LuLinear(d),
            new Coupling(Every(d, 2), new RationalQuadraticSpline(), Small, random),
            Permutation.Reverse(d),
            new Autoregressive(Autoregressive.NaturalOrder(d), new AffineTransform(), Small, random)),
        ["triangular chain"] = (d, random) => new BijectionChain(
            new ActNorm(d),
            new Autoregressive(Autoregressive.NaturalOrder(d), new RationalQuadraticSpline(), Small, random),
            new Autoregressive(
                Autoregressive.NaturalOrder(d), new StandardisingTransform { LogScaleBound = 0.5 }, Small, random)),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>Whether the last two columns are angles.</summary>
    public static bool HasAngles(string name) => name.EndsWith("with angles", StringComparison.Ordinal);

    /// <summary>Those that exist for so few columns of real numbers.</summary>
    public static IEnumerable<string> NamesFor(int dimension) =>
        Names.Where(name => !HasAngles(name)).Where(name => dimension > 1 || !(name.Contains("coupling", StringComparison.Ordinal) || name == "chain"));

    /// <summary>A case, its parameters moved.</summary>
    public static Bijection Make(string name, int dimension, double move = 0.3)
    {
        using var random = new Generator(17);
        var bijection = Makers[name](dimension, random);
        using var none = no_grad();
        foreach (var parameter in bijection.parameters())
            parameter.add_(move * randn(parameter.shape, generator: random));
        bijection.eval();
        return bijection;
    }

    /// <summary>Whether it goes one way alone.</summary>
    public static bool IsOneWay(Bijection bijection) => bijection is SylvesterBijection or AmortizedSylvester;

    /// <summary>What a case is conditioned on, one row, [1, c]; null: nothing.</summary>
    public static Tensor? Context(string name, int dimension)
    {
        int count = name switch
        {
            "amortized planar" => 1 + AmortizedPlanar.NumberCount(dimension),
            "amortized sylvester" => 1 + AmortizedSylvester.NumberCount(dimension, Math.Min(dimension, 3)),
            "autoregressive in context" => 3,
            _ => 0,
        };
        using var random = new Generator(23);
        return count == 0 ? null : 0.8 * randn([1, count], dtype: float64, generator: random);
    }

    private static CircularColumns Angles(int dimension) => new([.. Enumerable.Range(0, dimension).Select(j => j >= dimension - 2)]);

    private static bool[] Every(int dimension, int period) =>
        [.. Enumerable.Range(0, dimension).Select(j => j % period == 0)];
}
