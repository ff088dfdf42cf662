namespace ProbML.Fitting;

/// <summary>What coefficients with horseshoe priors add to the log posterior, in the non-centred form.</summary>
/// <remarks>
/// βⱼ = fⱼ zⱼ, zⱼ ~ N(0, 1), fⱼ² = 1 / (1/(τλⱼ)² + 1/c²). After the zⱼ, which are the coefficients' places, come ln λⱼ of each, then ln(τ/τ₀)
/// and, with a slab, ln c² of each prior whose scale is learnt. Half-Cauchy variables have the density (2/π) e^x / (1 + e^(2x)) in their
/// logarithm x. Carvalho et al. (2010); Piironen &amp; Vehtari (2017).
/// </remarks>
internal sealed class HorseshoeTerms
{
    private static readonly double LogTwoOverPi = Math.Log(2 / Math.PI);

    private readonly int[] columns, globals, slabs;           // of each coefficient: its column, the places of ln τ and ln c², −1: none
    private readonly double[] logScales;
    private readonly (int Place, RegularisedHorseshoePrior Prior)[] shared;

    /// <param name="priors">The prior of every coefficient, or null: they are joint.</param>
    public HorseshoeTerms(Prior[]? priors)
    {
        columns = [.. Enumerable.Range(0, priors?.Length ?? 0).Where(j => priors![j] is HorseshoePrior or RegularisedHorseshoePrior)];
        var places = new List<(int, RegularisedHorseshoePrior)>();
        int next = columns.Length;
        foreach (var prior in columns.Select(j => priors![j]).OfType<RegularisedHorseshoePrior>().Distinct())
        {
            places.Add((next, prior));
            next += prior.HasSlab ? 2 : 1;
        }
        (shared, Count) = ([.. places], next);
        logScales = [.. columns.Select(j => Math.Log(priors![j] is HorseshoePrior known ? known.Scale : ((RegularisedHorseshoePrior)priors[j]).GlobalScale))];
        globals = [.. columns.Select(j => Place(priors![j]))];
        slabs = [.. columns.Select(j => priors![j] is RegularisedHorseshoePrior { HasSlab: true } ? Place(priors[j]) + 1 : -1)];

        int Place(Prior prior) => shared.Where(one => one.Prior.Equals(prior)).Select(one => one.Place).DefaultIfEmpty(-1).First();
    }

    /// <summary>How many unknowns there are besides the coefficients.</summary>
    public int Count { get; }

    /// <summary>The columns that have such a prior.</summary>
    public ReadOnlySpan<int> Columns => columns;

    /// <summary>Where chains start: λ = 1, τ at its scale, c² at the slab's.</summary>
    public void Start(Span<double> more)
    {
        more.Clear();
        foreach (var (place, prior) in shared)
        {
            if (prior.HasSlab)
                more[place + 1] = 2 * Math.Log(prior.SlabScale);
        }
    }

    /// <summary>f of a coefficient, and ∂ ln f/∂ ln(τλ), which a slab makes less than one.</summary>
    public (double Factor, double Share) Scale(int h, ReadOnlySpan<double> more)
    {
        double log = logScales[h] + more[h] + (globals[h] >= 0 ? more[globals[h]] : 0);
        if (slabs[h] < 0)
            return (Math.Exp(log), 1);
        double gap = 2 * log - more[slabs[h]];                // ln of (τλ/c)²
        double share = 1 / (1 + Math.Exp(gap));
        return (Math.Exp(log - 0.5 * Elementary.Softplus(gap)), share);
    }

    /// <summary>Adds the gradient with respect to what there is besides; ln p of all is returned.</summary>
    /// <param name="z">The coefficients in units of their scales, [q].</param>
    /// <param name="pulls">βⱼ ∂l/∂βⱼ of each coefficient that has such a prior.</param>
    /// <param name="more">[Count].</param>
    /// <param name="gradient">[Count].</param>
    public double Add(ReadOnlySpan<double> z, ReadOnlySpan<double> pulls, ReadOnlySpan<double> more, Span<double> gradient)
    {
        double value = 0;
        for (int h = 0; h < columns.Length; h++)
        {
            double share = Scale(h, more).Share;
            value += NormalDistribution.LogDensity(z[columns[h]]) + HalfCauchy(more[h], ref gradient[h]);
            gradient[h] += pulls[h] * share;
            if (globals[h] >= 0)
                gradient[globals[h]] += pulls[h] * share;
            if (slabs[h] >= 0)
                gradient[slabs[h]] += 0.5 * pulls[h] * (1 - share);
        }
        foreach (var (place, prior) in shared)
        {
            value += HalfCauchy(more[place], ref gradient[place]);
            if (!prior.HasSlab)
                continue;
            double half = 0.5 * prior.SlabDegreesOfFreedom, rate = half * prior.SlabScale * prior.SlabScale, rest = rate * Math.Exp(-more[place + 1]);
            value += half * Math.Log(rate) - GammaFunctions.LogGamma(half) - half * more[place + 1] - rest;
            gradient[place + 1] += rest - half;
        }
        return value;
    }

    private static double HalfCauchy(double log, ref double gradient)
    {
        gradient += 1 - 2 / (1 + Math.Exp(-2 * log));
        return LogTwoOverPi + log - Elementary.Softplus(2 * log);
    }
}
