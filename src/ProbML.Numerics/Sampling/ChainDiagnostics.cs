namespace ProbML;

/// <summary>Whether chains agree, and what their draws are worth.</summary>
/// <remarks>Vehtari, Gelman, Simpson, Carpenter &amp; Bürkner (2021), Bayesian Anal. 16: rank-normalised, split, folded.</remarks>
public static class ChainDiagnostics
{
    /// <summary>R̂, the larger of the rank-normalised split R̂ and that of the draws folded about their median.</summary>
    /// <param name="chains">[chains][draws], at least four draws each; NaN where all draws are equal.</param>
    public static double RHat(IReadOnlyList<double[]> chains)
    {
        var halves = Split(chains);
        double median = Median(halves);
        double[][] folded = [.. halves.Select(chain => chain.Select(v => Math.Abs(v - median)).ToArray())];
        return Math.Max(PlainRHat(RankNormalised(halves)), PlainRHat(RankNormalised(folded)));
    }

    /// <summary>The bulk effective sample size: of the rank-normalised draws.</summary>
    /// <param name="chains">[chains][draws].</param>
    public static double BulkEffectiveSize(IReadOnlyList<double[]> chains) => EffectiveSize(RankNormalised(Split(chains)));

    /// <summary>The tail effective sample size: the smaller one of the indicators of the 5 % and the 95 % quantile.</summary>
    /// <param name="chains">[chains][draws].</param>
    public static double TailEffectiveSize(IReadOnlyList<double[]> chains)
    {
        double[][] halves = Split(chains);
        double[] all = [.. halves.SelectMany(chain => chain).Order()];
        double smallest = double.PositiveInfinity;
        foreach (double p in (double[])[0.05, 0.95])
        {
            double at = Quantile(all, p);
            smallest = Math.Min(smallest, EffectiveSize([.. halves.Select(chain => chain.Select(v => v <= at ? 1.0 : 0).ToArray())]));
        }
        return smallest;
    }

    /// <summary>The effective sample size for the mean itself: the standard deviation over its root is the mean's Monte Carlo error.</summary>
    /// <param name="chains">[chains][draws].</param>
    public static double MeanEffectiveSize(IReadOnlyList<double[]> chains) => EffectiveSize(Split(chains));

    internal static double Quantile(double[] sorted, double p)
    {
        double place = p * (sorted.Length - 1);
        int below = (int)Math.Floor(place), above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static double[][] Split(IReadOnlyList<double[]> chains)
    {
        ArgumentNullException.ThrowIfNull(chains);
        var halves = new List<double[]>();
        foreach (double[] chain in chains)
        {
            int half = chain.Length / 2;
            halves.Add(chain[..half]);
            halves.Add(chain[^half..]);
        }
        return [.. halves];
    }

    private static double Median(double[][] chains) => Quantile([.. chains.SelectMany(chain => chain).Order()], 0.5);

    /// <summary>Φ⁻¹((r − 3/8) / (S + 1/4)) of each draw's average rank r.</summary>
    private static double[][] RankNormalised(double[][] chains)
    {
        double[] all = [.. chains.SelectMany(chain => chain)];
        int[] order = [.. Enumerable.Range(0, all.Length)];
        double[] keys = [.. all], scores = new double[all.Length];
        Array.Sort(keys, order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start]; end++) ;
            double rank = 0.5 * (start + 1 + end);
            for (int i = start; i < end; i++)
                scores[order[i]] = NormalDistribution.Quantile((rank - 0.375) / (all.Length + 0.25));
        }
        var normalised = new double[chains.Length][];
        int at = 0;
        for (int c = 0; c < chains.Length; c++)
        {
            normalised[c] = scores[at..(at + chains[c].Length)];
            at += chains[c].Length;
        }
        return normalised;
    }

    private static double PlainRHat(double[][] chains)
    {
        var (within, total, _) = Variances(chains);
        return Math.Sqrt(total / within);
    }

    private static (double Within, double Total, double[] Each) Variances(double[][] chains)
    {
        int n = chains[0].Length;
        double[] means = [.. chains.Select(chain => chain.Average())];
        double[] each = [.. chains.Select((chain, c) => chain.Sum(v => (v - means[c]) * (v - means[c])) / (n - 1))];
        double grand = means.Average(), within = each.Average();
        double between = means.Length > 1 ? means.Sum(v => (v - grand) * (v - grand)) / (means.Length - 1) : 0;
        return (within, within * (n - 1) / n + between, each);
    }

    /// <summary>S / τ, τ from paired autocorrelations while they are positive and made monotone. Geyer (1992).</summary>
    private static double EffectiveSize(double[][] chains)
    {
        int n = chains[0].Length, m = chains.Length;
        var (within, total, _) = Variances(chains);
        if (!(total > 0))
            return double.NaN;
        double[][] centred = [.. chains.Select(chain => { double mean = chain.Average(); return chain.Select(v => v - mean).ToArray(); })];
        double sum = 0, previous = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < n; lag += 2)
        {
            double pair = Correlation(lag) + Correlation(lag + 1);
            if (!(pair > 0))
                break;
            previous = Math.Min(previous, pair);
            sum += previous;
        }
        double tau = Math.Max(2 * sum - 1, 1 / Math.Log10((double)m * n));
        return (double)m * n / tau;

        double Correlation(int lag)
        {
            if (lag == 0)
                return 1;
            double covariance = 0;
            foreach (double[] chain in centred)
                covariance += System.Numerics.Tensors.TensorPrimitives.Dot<double>(chain.AsSpan(0, n - lag), chain.AsSpan(lag)) / n;
            return 1 - (within - covariance / m) / total;
        }
    }
}
