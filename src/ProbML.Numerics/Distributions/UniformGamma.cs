using System.Numerics;

namespace ProbML;

/// <summary>Temme's expansion of the incomplete gamma functions, uniform in x / a, for large a.</summary>
/// <remarks>
/// Temme (1979), SIAM J. Math. Anal. 10; DLMF §8.12; Gil, Segura &amp; Temme (2012), SIAM J. Sci. Comput. 34, §2.5.
/// With λ = x / a and ½η² = λ − 1 − ln λ, Q = ½ erfc(η√(a/2)) + e^(−aη²/2) S(η) / √(2πa), where S′ − aηS =
/// a (1 − f(η) / Γ*(a)), f(η) = η / (λ − 1) = Σ dₙ ηⁿ. Hence S = Σ βₙ ηⁿ / Γ*, βₙ₋₁ = dₙ + (n + 1) βₙ₊₁ / a.
/// </remarks>
internal static class UniformGamma
{
    /// <summary>From which a on the expansion serves.</summary>
    public const double LeastShape = 25;

    /// <summary>Up to which ½η² it serves.</summary>
    public const double MostDivergence = 0.4;

    /// <summary>dₙ, the coefficients of η / (λ − 1); mpmath, 60 digits, from μ μ′ = η (1 + μ), μ = λ − 1.</summary>
    private static readonly double[] coefficients =
    [
        1.0, -0.333333333333333333, 0.0833333333333333333, -0.0148148148148148148,
        0.00115740740740740741, 0.0003527336860670194, -0.000178755144032921811, 0.0000391926317852243778,
        -2.18544851067999216e-6, -1.85406221071515996e-6, 8.29671134095308601e-7, -1.76659527368260793e-7,
        6.70785354340149858e-9, 1.0261809784240308e-8, -4.38203601845335319e-9, 9.14769958223679023e-10,
        -2.55141939949462498e-11, -5.83077213255042507e-11, 2.43619480206674162e-11, -5.02766928011417559e-12,
        1.10043920319561348e-13, 3.37176326240098538e-13, -1.39238872241816207e-13, 2.85348938070474432e-14,
        -5.13911183424257262e-16, -1.97522882943494428e-15, 8.09952115670456133e-16, -1.65225312163981618e-16,
        2.53054300974788842e-18, 1.16869397385595766e-17, -4.77003704982048476e-18,
    ];

    /// <summary>P, Q and dP / d ln x at a given ½η².</summary>
    public static GammaTails Tails(double a, bool isAbove, double divergence)
    {
        double eta = Math.Sqrt(2 * divergence), bell = Math.Exp(-a * divergence);
        double scaledTail = NormalDistribution.ScaledTail(eta * Math.Sqrt(a));
        double gammaStar = Math.Exp(GammaFunctions.StirlingError(a)), root = Math.Sqrt(2 * Math.PI * a);
        double correction = Correction(1 / a, isAbove ? eta : -eta) / (gammaStar * root);
        double density = bell * a / (root * gammaStar);
        double tail = bell * (isAbove ? scaledTail + correction : scaledTail - correction);
        return isAbove ? new(1 - tail, tail, density) : new(tail, 1 - tail, density);
    }

    /// <summary>Σ βₙ ηⁿ: the recurrence runs downward and Horner's rule with it.</summary>
    /// <param name="inverse">1 / a.</param>
    /// <param name="eta">η.</param>
    internal static T Correction<T>(T inverse, T eta)
        where T : IAdditionOperators<T, T, T>, IAdditionOperators<T, double, T>, IMultiplyOperators<T, T, T>,
            IMultiplyOperators<T, double, T>
    {
        T sum = eta * 0.0, next = sum, afterNext = sum;
        for (int n = coefficients.Length - 1; n >= 1; n--)
        {
            T beta = inverse * (n + 1.0) * afterNext + coefficients[n];
            sum = sum * eta + beta;
            afterNext = next;
            next = beta;
        }
        return sum;
    }
}
