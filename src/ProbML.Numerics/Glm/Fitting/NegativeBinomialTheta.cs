namespace ProbML.Fitting;

/// <summary>What estimating the negative binomial's θ needs of the gamma function.</summary>
internal static class NegativeBinomialTheta
{
    /// <summary>ψ(y + θ) − ψ(θ) and ψ′(y + θ) − ψ′(θ), without cancellation for large θ.</summary>
    public static (double Digamma, double Trigamma) GammaDifferences(double y, double theta)
    {
        if (y == 0)
            return (0, 0);
        if (y == Math.Floor(y) && y <= 64)
        {
            double first = 0, second = 0;                 // ψ(x + 1) = ψ(x) + 1/x
            for (double k = 0; k < y; k++)
            {
                double x = 1 / (theta + k);
                first += x;
                second -= x * x;
            }
            return (first, second);
        }
        return (
            GammaFunctions.Digamma(y + theta) - GammaFunctions.Digamma(theta),
            GammaFunctions.Trigamma(y + theta) - GammaFunctions.Trigamma(theta));
    }

    /// <summary>The moment estimate ȳ²/(s² − ȳ), kept inside [0.1, 10⁴]: where the iterations start.</summary>
    public static double FromMoments(double mean, double variance) =>
        Math.Clamp(variance > mean ? mean * mean / (variance - mean) : 1e4, 0.1, 1e4);
}
