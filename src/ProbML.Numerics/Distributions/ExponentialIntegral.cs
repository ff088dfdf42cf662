namespace ProbML;

/// <summary>The exponential integral E₁.</summary>
internal static class ExponentialIntegral
{
    private const double EulerGamma = 0.57721566490153286061;

    /// <summary>eˣ E₁(x) = eˣ ∫ₓ^∞ e⁻ᵗ/t dt, x > 0, which does not underflow.</summary>
    /// <remarks>DLMF 6.6.2 for small x, the continued fraction 6.9.1 beyond.</remarks>
    public static double Scaled(double x)
    {
        if (x < 1)
        {
            double sum = -EulerGamma - Math.Log(x), term = 1;
            for (int k = 1; k < 60; k++)
            {
                term *= -x / k;
                sum -= term / k;
                if (Math.Abs(term) < 1e-17 * Math.Abs(sum))
                    break;
            }
            return Math.Exp(x) * sum;
        }
        double b = x + 1, c = 1e300, d = 1 / b, fraction = d;          // modified Lentz
        for (int k = 1; k < 500; k++)
        {
            double a = -(double)k * k;
            b += 2;
            d = 1 / (a * d + b);
            c = b + a / c;
            double factor = c * d;
            fraction *= factor;
            if (Math.Abs(factor - 1) < 1e-15)
                break;
        }
        return fraction;
    }
}
