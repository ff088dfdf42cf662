namespace ProbML;

/// <summary>A distribution on the whole numbers from zero.</summary>
internal interface ICountLaw
{
    /// <summary>P(Y ≤ y), y whole.</summary>
    double Cdf(double y);

    /// <summary>P(Y = y), y whole.</summary>
    double Probability(double y);

    /// <summary>P(Y = y + 1) / P(Y = y).</summary>
    double Ratio(double y);
}

/// <summary>The smallest y with P(Y ≤ y) ≥ p, exactly.</summary>
/// <remarks>As in R's qpois, p is lowered by 64 units in the last place, so that Quantile(Cdf(y)) = y.</remarks>
internal static class DiscreteQuantile
{
    private const double Fuzz = 64 * 2.220446049250313e-16;
    private const int LongestWalk = 200;

    /// <summary>
    /// Below this share of the sum a probability is lost in its rounding, and steps count for nothing.
    /// </summary>
    private const double LeastMass = 1e-13;

    /// <summary>The quantile, from a guess that is roughly right.</summary>
    public static double Solve<TLaw>(TLaw law, double probability, double guess)
        where TLaw : struct, ICountLaw
    {
        double target = probability * (1 - Fuzz);
        double none = law.Probability(0);
        if (!(guess > 50) && none > 1e-290) return WalkUp(law, target, 0, none, none);
        double y = Math.Max(0, Math.Floor(guess)), least = -1, most = double.PositiveInfinity;
        for (int iteration = 0; y > least && y < most; iteration++)
        {
            double cdf = law.Cdf(y), mass = law.Probability(y), step = Math.Log(target / cdf) * (cdf / mass);
            bool isSteep = mass > LeastMass * cdf;
            if (isSteep && Math.Abs(step) <= LongestWalk)
            {
                return cdf < target ? WalkUp(law, target, y, cdf, mass) : WalkDown(law, target, y, cdf, mass);
            }
            if (cdf < target) least = y;
            else most = y;
            double newton = Math.Floor(y + step);
            y = isSteep && iteration < 10 && newton > least && newton < Math.Min(most, 3 * y + 100)
                ? newton
                : Math.Floor(0.5 * (least + Math.Min(most, 3 * y + 100)));
        }
        return most;
    }

    private static double WalkUp<TLaw>(TLaw law, double target, double y, double cdf, double mass)
        where TLaw : struct, ICountLaw
    {
        while (cdf < target)
        {
            mass *= law.Ratio(y++);
            double before = cdf;
            cdf += mass;
            if (cdf == before && law.Ratio(y) < 1) break;
        }
        return y;
    }

    /// <summary>Sums afresh where a difference of sums has lost more than a digit.</summary>
    private static double WalkDown<TLaw>(TLaw law, double target, double y, double cdf, double mass)
        where TLaw : struct, ICountLaw
    {
        double fresh = cdf;
        while (y > 0 && cdf - mass >= target)
        {
            cdf -= mass;
            mass /= law.Ratio(--y);
            if (cdf > 0.1 * fresh) continue;
            fresh = cdf = law.Cdf(y);
        }
        return y;
    }
}
