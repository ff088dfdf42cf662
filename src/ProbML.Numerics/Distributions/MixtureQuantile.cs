namespace ProbML;

/// <summary>A distribution that is known by its cumulative probabilities.</summary>
internal interface IMixtureLaw
{
    /// <summary>P(Y ≤ y).</summary>
    double Cdf(double y);
}

/// <summary>Quantiles of a mixture, between the smallest and the largest of its parts' quantiles.</summary>
internal static class MixtureQuantile
{
    /// <summary>The smallest y with P(Y ≤ y) ≥ p; of a continuous law to the precision of a column.</summary>
    public static double Solve<TLaw>(TLaw law, double p, double low, double high, bool isDiscrete)
        where TLaw : IMixtureLaw, allows ref struct => isDiscrete ? Discrete(law, p, low, high) : Continuous(law, p, low, high);

    private static double Discrete<TLaw>(TLaw law, double p, double low, double high)
        where TLaw : IMixtureLaw, allows ref struct
    {
        while (low < high)                                // the smallest y with P(Y ≤ y) ≥ p
        {
            double middle = Math.Floor((low + high) / 2);
            if (law.Cdf(middle) >= p)
                high = middle;
            else
                low = middle + 1;
        }
        return high;
    }

    /// <summary>The Illinois variant of regula falsi.</summary>
    private static double Continuous<TLaw>(TLaw law, double p, double low, double high)
        where TLaw : IMixtureLaw, allows ref struct
    {
        double below = law.Cdf(low) - p, above = law.Cdf(high) - p;
        if (below >= 0)
            return low;
        for (int i = 0; i < 60 && high - low > 1e-7 * (Math.Abs(low) + Math.Abs(high)); i++)
        {
            double middle = above - below > 0 ? (low * above - high * below) / (above - below) : (low + high) / 2;
            if (!(middle > low && middle < high))
                middle = (low + high) / 2;
            double value = law.Cdf(middle) - p;
            if (value < 0)
            {
                (low, below) = (middle, value);
                above /= 2;
            }
            else
            {
                (high, above) = (middle, value);
                below /= 2;
            }
        }
        return (low + high) / 2;
    }
}
