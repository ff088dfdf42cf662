using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ProbML.Fitting;

/// <summary>Log-likelihoods and scores of many rows at once, for samplers: the same bits in every run.</summary>
/// <remarks>
/// A chain multiplies a difference in the last bit until its draws are others, and the runtime's vector exponential may change its last bit
/// when its code is compiled again. Here every product and sum is written out.
/// </remarks>
internal static class SamplingRows
{
    /// <summary>Fills w ∂ln p/∂η of rows, whole registers of them, and returns Σ w ln p up to a constant.</summary>
    public delegate double Kernel(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score);

    /// <summary>The kernel for a pair at φ = 1, or null.</summary>
    public static Kernel? For(IFamily family, ILinkFunction link) => (family, link) switch
    {
        (BernoulliFamily, LogitLink) => Logistic,
        (PoissonFamily, LogLink) => Poisson,
        (GaussianFamily, IdentityLink) => Gaussian,
        _ => null,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Logistic(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score)
    {
        Vector<double> sum = Vector<double>.Zero, one = Vector<double>.One;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> h = Load(eta, i), target = Load(y, i), w = Load(weight, i);
            var decay = Exp(-Vector.Abs(h));
            var bulk = one / (one + decay);
            var mean = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(h, Vector<double>.Zero), bulk, decay * bulk);
            Store(w * (target - mean), score, i);
            sum += w * (target * h - Vector.Max(h, Vector<double>.Zero) - Log1p(decay));
        }
        return Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Poisson(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score)
    {
        var sum = Vector<double>.Zero;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> h = Load(eta, i), target = Load(y, i), w = Load(weight, i), mean = Exp(h);
            Store(w * (target - mean), score, i);
            sum += w * (target * h - mean);
        }
        return Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Gaussian(ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score)
    {
        var sum = Vector<double>.Zero;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> w = Load(weight, i), residual = Load(y, i) - Load(eta, i);
            Store(w * residual, score, i);
            sum -= w * residual * residual;
        }
        return 0.5 * Vector.Sum(sum);
    }

    /// <summary>eˣ: 2ⁿ times a Taylor polynomial on |r| ≤ ½ ln 2, to two units in the last place; x is kept within ±708.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> Exp(Vector<double> x)
    {
        const double Coarse = 6.93145751953125e-1, Fine = 1.42860682030941723212e-6;
        x = Vector.Min(Vector.Max(x, new Vector<double>(-708)), new Vector<double>(708));
        var n = Vector.Floor(x * new Vector<double>(1.4426950408889634) + new Vector<double>(0.5));
        var r = x - n * new Vector<double>(Coarse) - n * new Vector<double>(Fine);
        var p = new Vector<double>(1.0 / 6227020800);
        p = p * r + new Vector<double>(1.0 / 479001600);
        p = p * r + new Vector<double>(1.0 / 39916800);
        p = p * r + new Vector<double>(1.0 / 3628800);
        p = p * r + new Vector<double>(1.0 / 362880);
        p = p * r + new Vector<double>(1.0 / 40320);
        p = p * r + new Vector<double>(1.0 / 5040);
        p = p * r + new Vector<double>(1.0 / 720);
        p = p * r + new Vector<double>(1.0 / 120);
        p = p * r + new Vector<double>(1.0 / 24);
        p = p * r + new Vector<double>(1.0 / 6);
        p = p * r + new Vector<double>(0.5);
        p = p * r + Vector<double>.One;
        p = p * r + Vector<double>.One;
        var power = Vector.ShiftLeft(Vector.ConvertToInt64(n) + new Vector<long>(1023), 52);
        return p * Vector.AsVectorDouble(power);
    }

    /// <summary>ln(1 + x) for x in [0, 1]: 2 artanh(x / (2 + x)) by its series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> Log1p(Vector<double> x)
    {
        var v = x / (new Vector<double>(2) + x);
        var s = v * v;
        var p = new Vector<double>(1.0 / 33);
        for (int k = 31; k >= 1; k -= 2)
            p = p * s + new Vector<double>(1.0 / k);
        return (v + v) * p;
    }

    private static Vector<double> Load(ReadOnlySpan<double> from, int at) =>
        Vector.LoadUnsafe(in MemoryMarshal.GetReference(from), (nuint)at);

    private static void Store(Vector<double> value, Span<double> to, int at) =>
        value.StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)at);
}
