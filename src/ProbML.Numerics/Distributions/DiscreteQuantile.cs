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

    /// <summary>The quantile, from a guess that is roughly right.</summary>
    public static double Solve<TLaw>(TLaw law, double probability, double guess)
        where TLaw : struct, ICountLaw
    {
        double target = probability * (1 - Fuzz);
        if (!(guess > 50)) return WalkUp(law, target, 0, law.Probability(0), law.Probability(0));
        double y = Math.Floor(guess), least = -1, most = double.PositiveInfinity;
        while (true)
        {
            double cdf = law.Cdf(y), mass = law.Probability(y);
            double step = Math.Log(target / cdf) * (cdf / mass);
            if (Math.Abs(step) <= LongestWalk)
            {
                return cdf < target ? WalkUp(law, target, y, cdf, mass) : WalkDown(law, target, y, cdf, mass);
            }
            if (cdf < target) least = y;
            else most = y;
            double next = Math.Floor(double.IsNaN(step) ? -1 : y + Math.Clamp(step, -0.9 * y, 2 * y + 100));
            y = next > least && next < most ? next : Math.Floor(0.5 * (least + Math.Min(most, 4 * y + 100)));
            if (most - least <= 1) return most;
            y = Math.Clamp(y, least + 1, most - 1);
        }
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
