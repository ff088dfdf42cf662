using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>y(t₁) of dy/dt = f(t, y), y(t₀) given, by the Runge–Kutta pair of orders 5 and 4 of Dormand and Prince.</summary>
/// <remarks>
/// Dormand &amp; Prince (1980), table 2; Hairer, Nørsett &amp; Wanner (1993), §II.4–II.5. A step is one formula over
/// <see cref="FlowValue"/>s: adaptive on tensors, where gradients go through the steps that were accepted, and of a fixed
/// size in a graph.
/// </remarks>
/// <param name="tolerance">Of the error of a step, beside 1 + |y|; of Single at least a millionth.</param>
internal sealed class DormandPrince(double tolerance)
{
    /// <summary>After so many steps y is given up: it is no number.</summary>
    public const int MostSteps = 2000;

    private const double Safety = 0.9, LeastFactor = 0.2, MostFactor = 5, FirstShare = 0.1;

    private static readonly double[] Nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] Weights =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>The weights of order 5 less those of order 4.</summary>
    private static readonly double[] Differences =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>The steps that the last call took, refused ones included.</summary>
    public int Steps { get; private set; }

    /// <summary>y(t₁), the step chosen anew so that the error of each, over all rows, keeps to the tolerance.</summary>
    /// <param name="slope">f of t, a number, and y.</param>
    /// <param name="state">y(t₀), [n, m].</param>
    /// <param name="from">t₀.</param>
    /// <param name="to">t₁, on either side of t₀.</param>
    public Tensor Adaptive(Func<FlowValue, FlowValue, FlowValue> slope, Tensor state, double from, double to)
    {
        double bound = state.dtype == ScalarType.Float64 ? tolerance : Math.Max(tolerance, 1e-6);
        double time = from, size = FirstShare * (to - from);
        Tensor y = state;
        Tensor? first = null;
        Steps = 0;
        while (time != to)
        {
            using var scope = NewDisposeScope();                 // what gradients need of a step outlives its handles
            bool isLast = Math.Abs(size) >= Math.Abs(to - time);
            size = isLast ? to - time : size;
            var (next, slopes) = Step(
                (at, value) => new TensorValue(TensorValue.Of(slope(at, value))),       // now, not when its error is asked for
                Number(time, state),
                Number(size, state),
                new TensorValue(y),
                first is null ? null : new TensorValue(first));
            double error = Error(new TensorValue(y), next, slopes, size, bound);
            if (!double.IsFinite(error) || ++Steps > MostSteps)
                return full_like(state, Scalars.Of(double.NaN)).MoveToOuterDisposeScope();
            if (error <= 1)
            {
                time = isLast ? to : time + size;
                (y, first) = (TensorValue.Of(next).MoveToOuterDisposeScope(), TensorValue.Of(slopes[^1]).MoveToOuterDisposeScope());
            }
            size *= Math.Clamp(Safety * Math.Pow(error, -0.2), LeastFactor, MostFactor);
        }
        return y;
    }

    /// <summary>y(t₁) by so many equal steps, of a tensor or in a graph.</summary>
    public static FlowValue Fixed(
        Func<FlowValue, FlowValue, FlowValue> slope, FlowValue state, double from, double to, int steps)
    {
        double size = (to - from) / steps;
        return state.Iterate(steps, (iteration, y) => Advance(slope, iteration * size + from, Same(iteration, size), y));
    }

    /// <summary>A step, and the slopes at its stages, of which the last is the first of the step after.</summary>
    public static (FlowValue Next, FlowValue[] Slopes) Step(
        Func<FlowValue, FlowValue, FlowValue> slope, FlowValue time, FlowValue size, FlowValue state, FlowValue? first = null)
    {
        var slopes = new FlowValue[Nodes.Length];
        slopes[0] = first ?? slope(time, state);
        var next = state;
        for (int stage = 1; stage < slopes.Length; stage++)
        {
            next = state + Combine(Weights[stage], slopes) * size;
            slopes[stage] = slope(time + size * Nodes[stage], next);
        }
        return (next, slopes);
    }

    /// <summary>A step without its error.</summary>
    private static FlowValue Advance(
        Func<FlowValue, FlowValue, FlowValue> slope, FlowValue time, FlowValue size, FlowValue state)
    {
        var slopes = new FlowValue[Nodes.Length - 1];
        for (int stage = 0; stage < slopes.Length; stage++)
        {
            var at = stage == 0 ? state : state + Combine(Weights[stage], slopes) * size;
            slopes[stage] = slope(time + size * Nodes[stage], at);
        }
        return state + Combine(Weights[^1], slopes) * size;
    }

    /// <summary>The root mean square over all numbers of the difference of the two orders, beside what is tolerated.</summary>
    private static double Error(FlowValue before, FlowValue after, FlowValue[] slopes, double size, double bound)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using Scalar step = Scalars.New(size), tolerated = Scalars.New(bound);
        var difference = TensorValue.Of(Combine(Differences, slopes)) * step;
        var scale = maximum(TensorValue.Of(before).abs(), TensorValue.Of(after).abs()).Plus(Scalars.Of(1)) * tolerated;
        return Math.Sqrt((difference / scale).square().mean().to(ScalarType.Float64).item<double>());
    }

    private static FlowValue Combine(double[] weights, FlowValue[] slopes)
    {
        FlowValue? sum = null;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0)
                sum = sum is null ? slopes[i] * weights[i] : sum + slopes[i] * weights[i];
        }
        return sum!;
    }

    /// <summary>A number beside another of its kind.</summary>
    private static FlowValue Same(FlowValue like, double number) => like * 0 + number;

    private static TensorValue Number(double number, Tensor like) => new(tensor(number, dtype: like.dtype, device: like.device));
}
