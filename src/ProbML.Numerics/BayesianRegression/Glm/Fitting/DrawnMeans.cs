using System.Numerics;
using System.Runtime.CompilerServices;

namespace ProbML.Fitting;

/// <summary>Means at many linear predictors at once, for the pairs of family and link that every η is right for.</summary>
internal static class DrawnMeans
{
    /// <summary>Fills μ and 1 − μ; false where the pair has no such kernel.</summary>
    /// <param name="family">The family.</param>
    /// <param name="link">The link.</param>
    /// <param name="eta">[n], whole registers, all finite.</param>
    /// <param name="mean">[n].</param>
    /// <param name="complement">[n].</param>
    public static bool TryFill(
        IFamily family, ILinkFunction link, ReadOnlySpan<double> eta, Span<double> mean, Span<double> complement)
    {
        switch (family, link)
        {
            case (BernoulliFamily, LogitLink):
                Logistic(eta, mean, complement);
                return true;
            case (GaussianFamily, IdentityLink):
                eta.CopyTo(mean);
                break;
            case (not BernoulliFamily, LogLink):
                Exponential(eta, mean);
                break;
            default:
                return false;
        }
        System.Numerics.Tensors.TensorPrimitives.Subtract(1, mean, complement);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Logistic(ReadOnlySpan<double> eta, Span<double> mean, Span<double> complement)
    {
        var one = Vector<double>.One;
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
        {
            var h = new Vector<double>(eta[i..]);
            var decay = SamplingRows.Exp(-Vector.Abs(h));
            Vector<double> bulk = one / (one + decay), tail = decay * bulk;
            var isRight = Vector.GreaterThanOrEqual(h, Vector<double>.Zero);
            Vector.ConditionalSelect(isRight, bulk, tail).CopyTo(mean[i..]);
            Vector.ConditionalSelect(isRight, tail, bulk).CopyTo(complement[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponential(ReadOnlySpan<double> eta, Span<double> mean)
    {
        for (int i = 0; i < eta.Length; i += Vector<double>.Count)
            SamplingRows.Exp(new Vector<double>(eta[i..])).CopyTo(mean[i..]);
    }
}
