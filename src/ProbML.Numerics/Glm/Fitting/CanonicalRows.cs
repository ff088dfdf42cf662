using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ProbML.Fitting;

/// <summary>
/// The terms of many rows at once for the three pairs of family and canonical link that most fits use, several rows to a
/// register; the same formulas as <see cref="RowTerms"/>, to rounding.
/// </summary>
internal static class CanonicalRows
{
    /// <summary>Stands in for zero under a logarithm; a normal number, since subnormal ones take a slow way.</summary>
    private const double Least = 1e-307;

    /// <summary>Fills w ∂ln p/∂η and w μ′²/V for rows of linear predictors, and returns Σ w d(y, μ).</summary>
    public delegate double Kernel(
        ReadOnlySpan<double> eta,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> weight,
        Span<double> score,
        Span<double> information);

    /// <summary>The kernel for a pair, or null.</summary>
    public static Kernel? For(IFamily family, ILinkFunction link) => (family, link) switch
    {
        (BernoulliFamily, LogitLink) => Logistic,
        (PoissonFamily, LogLink) => Poisson,
        (GaussianFamily, IdentityLink) => Gaussian,
        _ => null,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Logistic(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score, Span<double> information)
    {
        var sum = Vector<double>.Zero;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> h = Load(eta, i), target = Load(y, i), w = Load(weight, i);
            var decay = Vector.Exp(-Vector.Abs(h));       // in [0, 1], so nothing overflows
            var total = Vector<double>.One + decay;
            var bulk = Vector<double>.One / total;
            var tail = decay * bulk;
            var up = Vector.GreaterThanOrEqual(h, Vector<double>.Zero);
            var mean = Vector.ConditionalSelect(up, bulk, tail);
            var complement = Vector.ConditionalSelect(up, tail, bulk);
            Store(w * (target * complement - (Vector<double>.One - target) * mean), score, i);
            Store(w * bulk * tail, information, i);
            // ln(1 + e) from ln of the rounded sum, corrected for its rounding (Goldberg 1991, theorem 4).
            var excess = total - Vector<double>.One;
            var corrected = Vector.Log(total) * (decay / Vector.Max(excess, new Vector<double>(1e-300)));
            var log = Vector.ConditionalSelect(Vector.Equals(excess, Vector<double>.Zero), decay, corrected);
            sum += w * (Vector.Max(h, Vector<double>.Zero) - target * h + log + Entropy(target));
        }
        return 2 * Vector.Sum(sum);
    }

    /// <summary>y ln y + (1 − y) ln(1 − y), what a proportion's saturated likelihood adds; 0 for classes.</summary>
    private static Vector<double> Entropy(Vector<double> y)
    {
        var other = Vector<double>.One - y;
        if (Vector.EqualsAll(y * other, Vector<double>.Zero))
            return Vector<double>.Zero;
        var least = new Vector<double>(Least);
        return y * Vector.Log(Vector.Max(y, least)) + other * Vector.Log(Vector.Max(other, least));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Poisson(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score, Span<double> information)
    {
        var sum = Vector<double>.Zero;
        var least = new Vector<double>(Least);
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> h = Load(eta, i), target = Load(y, i), w = Load(weight, i);
            var mean = Vector.Exp(h);
            var residual = target - mean;
            Store(w * residual, score, i);
            Store(w * mean, information, i);
            var ratio = Vector.Log(Vector.Max(target, least)) - h;
            sum += w * (target * ratio - residual);
        }
        return 2 * Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Gaussian(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> y, ReadOnlySpan<double> weight, Span<double> score, Span<double> information)
    {
        var sum = Vector<double>.Zero;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            Vector<double> w = Load(weight, i), residual = Load(y, i) - Load(eta, i);
            Store(w * residual, score, i);
            Store(w, information, i);
            sum += w * residual * residual;
        }
        return Vector.Sum(sum);
    }

    private static Vector<double> Load(ReadOnlySpan<double> from, int at) =>
        Vector.LoadUnsafe(in MemoryMarshal.GetReference(from), (nuint)at);

    private static void Store(Vector<double> value, Span<double> to, int at) =>
        value.StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)at);
}
