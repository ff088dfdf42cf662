namespace ProbML.GaussianProcesses;

/// <summary>Integrals of p(y | f)ʷ N(f; m, v), by the trapezoidal rule about the integrand's own peak.</summary>
/// <remarks>Trefethen &amp; Weideman (2014), SIAM Rev. 56: for analytic integrands the rule converges geometrically.</remarks>
internal static class TiltedIntegral
{
    private const double Depth = 42;                      // e^(−42) of the peak's height is nothing
    private const int Most = 4000;

    public static TiltedMoments Moments(LatentLikelihood likelihood, double y, double mean, double variance, double weight)
    {
        var (low, high, step, peak) = Range(likelihood, y, mean, variance, weight);
        double zero = 0, first = 0, second = 0, centre = 0.5 * (low + high);
        for (double f = low; f <= high; f += step)
        {
            double density = Math.Exp(Log(likelihood, y, mean, variance, weight, f) - peak), from = f - centre;
            zero += density;
            first += density * from;
            second += density * from * from;
        }
        double shift = first / zero;
        return new(peak + Math.Log(zero * step), centre + shift, second / zero - shift * shift);
    }

    /// <summary>E ∂ ln p/∂φ under the product, for each parameter φ of the likelihood.</summary>
    public static void Parameters(
        LatentLikelihood likelihood, double y, double mean, double variance, double weight, Span<double> gradient)
    {
        var (low, high, step, peak) = Range(likelihood, y, mean, variance, weight);
        Span<ParameterPoint> points = stackalloc ParameterPoint[gradient.Length];
        gradient.Clear();
        double zero = 0;
        for (double f = low; f <= high; f += step)
        {
            double density = Math.Exp(Log(likelihood, y, mean, variance, weight, f) - peak);
            if (density == 0)
                continue;
            zero += density;
            likelihood.Parameters(y, f, points);
            for (int k = 0; k < points.Length; k++)
                gradient[k] += density * weight * points[k].Value;
        }
        for (int k = 0; k < gradient.Length; k++)
            gradient[k] /= zero;
    }

    private static double Log(LatentLikelihood likelihood, double y, double mean, double variance, double weight, double f) =>
        weight * likelihood.At(y, f).Value - 0.5 * ((f - mean) * (f - mean) / variance + Math.Log(2 * Math.PI * variance));

    private static (double Low, double High, double Step, double Peak) Range(
        LatentLikelihood likelihood, double y, double mean, double variance, double weight)
    {
        double f = Peak(likelihood, y, mean, variance, weight), peak = Log(likelihood, y, mean, variance, weight, f);
        double bend = Math.Max(1 / variance - weight * likelihood.At(y, f).Curvature, 1e-3 / variance);
        double width = Math.Min(Math.Sqrt(1 / bend), Math.Sqrt(variance));
        double low = End(-1), high = End(1), step = Math.Min(0.35 * width, 0.5 * likelihood.Smoothness);
        return (low, high, Math.Max(step, (high - low) / Most), peak);

        double End(int side)
        {
            double reach = 4 * width;
            while (reach < 60 * Math.Sqrt(variance)
                && Log(likelihood, y, mean, variance, weight, f + side * reach) > peak - Depth)
                reach *= 1.25;
            return f + side * reach;
        }
    }

    /// <summary>The highest of a grid under the normal, then Newton's method, kept where it rises.</summary>
    private static double Peak(LatentLikelihood likelihood, double y, double mean, double variance, double weight)
    {
        double sigma = Math.Sqrt(variance), f = mean, best = Log(likelihood, y, mean, variance, weight, mean);
        double near = likelihood.Start(y);
        if (Log(likelihood, y, mean, variance, weight, near) is var there && there > best)
            (f, best) = (near, there);
        for (int k = 0; k < 100; k++)
        {
            var at = likelihood.At(y, f);
            double slope = weight * at.Slope - (f - mean) / variance;
            double bend = Math.Max(1 / variance - weight * at.Curvature, 1e-2 / variance), step = slope / bend;
            double next = f + step, value = Log(likelihood, y, mean, variance, weight, next);
            for (; !(value >= best) && Math.Abs(step) > 1e-9 * sigma; value = Log(likelihood, y, mean, variance, weight, next))
                next = f + (step *= 0.5);
            if (!(value >= best))
                break;
            (f, best) = (next, value);
            if (Math.Abs(step) < 1e-3 * sigma)
                break;
        }
        return f;
    }
}
