using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>y + v̂ tanh(wᵀy + b), with its gradients: v̂ = v + (s − 1 − wᵀv) w / |w|², s = softplus(wᵀv + ln(e − 1)).</summary>
/// <remarks>
/// Rezende &amp; Mohamed (2015), eqs. 10–12 and appendix A.1, s = 1 + wᵀv̂ &gt; 0: ln |det| = ln(h² + (1 − h²) s), h the tanh. The
/// identity where v = 0. Its numbers, [w | v | b], stand in a vector of all layers' numbers, as do their gradients.
/// </remarks>
internal sealed class PlanarLayer(int dimension, int start)
{
    /// <summary>softplus of it is 1.</summary>
    private const double Shift = 0.541324854612918;

    private readonly double[] step = new double[dimension], stepGradient = new double[dimension];

    private double s, product, square, factor, sGradient;

    /// <summary>2 k + 1.</summary>
    public static int Count(int dimension) => 2 * dimension + 1;

    /// <summary>w and b at random, v = 0.</summary>
    public void Start(Span<double> numbers, Random random)
    {
        var own = Own(numbers);
        RandomNormal.Fill(random, own[..dimension]);
        TensorPrimitives.Divide(own[..dimension], Math.Sqrt(dimension), own[..dimension]);
        own.Slice(dimension, dimension).Clear();
        own[^1] = RandomNormal.Draw(random);
    }

    /// <summary>Computes v̂ and s of new numbers.</summary>
    public void Prepare(ReadOnlySpan<double> numbers)
    {
        var (w, v) = Parts(numbers);
        product = TensorPrimitives.Dot(w, v);
        s = Softplus(product + Shift);
        square = TensorPrimitives.Dot(w, w) + 1e-300;
        factor = (s - 1 - product) / square;
        TensorPrimitives.MultiplyAdd(w, factor, v, step);
        Array.Clear(stepGradient);
        sGradient = 0;
    }

    /// <summary>Maps y in its place; returns ln |det|, and h for the way back.</summary>
    public double Forward(ReadOnlySpan<double> numbers, Span<double> y, out double h)
    {
        var own = numbers.Slice(start, Count(dimension));
        h = Math.Tanh(TensorPrimitives.Dot(own[..dimension], y) + own[^1]);
        TensorPrimitives.MultiplyAdd(step, h, y, y);
        return Math.Log(h * h + (1 - h * h) * s);
    }

    /// <summary>From the gradient of what follows to that of y, and of ln |det| besides; adds to those of the numbers.</summary>
    /// <param name="numbers">All layers'.</param>
    /// <param name="before">y as it came in.</param>
    /// <param name="h">As <see cref="Forward"/> gave it.</param>
    /// <param name="slope">∂/∂ of what came out; then of what came in.</param>
    /// <param name="gradient">All layers'.</param>
    public void Backward(
        ReadOnlySpan<double> numbers, ReadOnlySpan<double> before, double h, Span<double> slope, Span<double> gradient)
    {
        var w = numbers.Slice(start, dimension);
        var own = gradient.Slice(start, Count(dimension));
        double rest = 1 - h * h, volume = h * h + rest * s;
        TensorPrimitives.MultiplyAdd(slope, h, stepGradient, stepGradient);
        sGradient += rest / volume;
        double inner = (TensorPrimitives.Dot<double>(slope, step) + 2 * h * (1 - s) / volume) * rest;
        TensorPrimitives.MultiplyAdd(before, inner, own[..dimension], own[..dimension]);
        own[^1] += inner;
        TensorPrimitives.MultiplyAdd(w, inner, slope, slope);
    }

    /// <summary>Takes what all draws said of v̂ and s on to w and v.</summary>
    public void Finish(ReadOnlySpan<double> numbers, Span<double> gradient)
    {
        var (w, v) = Parts(numbers);
        var own = gradient.Slice(start, Count(dimension));
        Span<double> ofW = own[..dimension], ofV = own.Slice(dimension, dimension);
        double ofFactor = TensorPrimitives.Dot<double>(w, stepGradient);
        double ofS = sGradient + ofFactor / square;
        double ofProduct = -ofFactor / square + ofS / (1 + Math.Exp(-(product + Shift)));
        TensorPrimitives.MultiplyAdd(stepGradient, factor, ofW, ofW);
        TensorPrimitives.MultiplyAdd(w, -2 * ofFactor * factor / square, ofW, ofW);
        TensorPrimitives.MultiplyAdd(v, ofProduct, ofW, ofW);
        TensorPrimitives.Add(ofV, stepGradient, ofV);
        TensorPrimitives.MultiplyAdd(w, ofProduct, ofV, ofV);
    }

    private Span<double> Own(Span<double> numbers) => numbers.Slice(start, Count(dimension));

    private Parameters Parts(ReadOnlySpan<double> numbers) =>
        new(numbers.Slice(start, dimension), numbers.Slice(start + dimension, dimension));

    private static double Softplus(double a) => Math.Max(a, 0) + Elementary.Log1p(Math.Exp(-Math.Abs(a)));

    private readonly ref struct Parameters(ReadOnlySpan<double> w, ReadOnlySpan<double> v)
    {
        private readonly ReadOnlySpan<double> w = w, v = v;

        public void Deconstruct(out ReadOnlySpan<double> first, out ReadOnlySpan<double> second)
        {
            first = w;
            second = v;
        }
    }
}
