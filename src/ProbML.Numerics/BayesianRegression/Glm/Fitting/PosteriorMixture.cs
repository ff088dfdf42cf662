namespace ProbML.Fitting;

/// <summary>A new observation's distribution as a mixture over the posterior: nodes of η, each with a weight and a dispersion.</summary>
internal sealed class PosteriorMixture : IMixtureLaw
{
    /// <summary>At most so many nodes are asked for cumulative probabilities.</summary>
    private const int MostForQuantiles = 250;

    private readonly List<(double Eta, MeanPoint Mean, double Weight, IFamily Family, double Dispersion)> nodes = [];
    private double total;

    public void Clear()
    {
        nodes.Clear();
        total = 0;
    }

    /// <summary>Adds a node; one outside the domain is left out, and the others' weights make up for it.</summary>
    public void Add(double eta, double weight, IFamily family, ILinkFunction link, double dispersion)
    {
        if (!link.IsInDomain(eta))
            return;
        var mean = link.Inverse(eta);
        if (!family.IsValidMean(mean) || !double.IsFinite(mean.Mean))
            return;
        nodes.Add((eta, mean, weight, family, dispersion));
        total += weight;
    }

    /// <summary>Adds nodes for η ~ N(mean, spread²).</summary>
    public void AddNormal(
        double mean, double spread, double weight, IFamily family, ILinkFunction link, double dispersion, bool fine = false)
    {
        var rule = fine ? GaussianRule.For(spread) : GaussianRule.Coarse(spread);
        for (int k = 0; k < rule.Count; k++)
            Add(mean + spread * rule.Node(k), weight * rule.Weight(k), family, link, dispersion);
    }

    /// <summary>E μ.</summary>
    public double Mean => Average(node => node.Mean.Mean);

    /// <summary>E η.</summary>
    public double LinearPredictor => Average(node => node.Eta);

    /// <summary>Var η.</summary>
    public double LinearPredictorVariance
    {
        get
        {
            double centre = LinearPredictor;
            return Average(node => (node.Eta - centre) * (node.Eta - centre));
        }
    }

    /// <summary>The central interval of η: normal about its mean, or between quantiles of draws.</summary>
    public (double Lower, double Upper) LinearPredictorInterval(double level, bool draws)
    {
        if (nodes.Count == 0)
            return (double.NaN, double.NaN);
        if (draws)
        {
            double[] sorted = [.. nodes.Select(node => node.Eta).Order()];
            return (ChainDiagnostics.Quantile(sorted, 0.5 - level / 2), ChainDiagnostics.Quantile(sorted, 0.5 + level / 2));
        }
        double centre = LinearPredictor, half = NormalDistribution.Quantile(0.5 + level / 2) * Math.Sqrt(LinearPredictorVariance);
        return (centre - half, centre + half);
    }

    /// <summary>Var μ: what is not known of the mean.</summary>
    public double Epistemic
    {
        get
        {
            double centre = Mean;
            return Average(node => (node.Mean.Mean - centre) * (node.Mean.Mean - centre));
        }
    }

    /// <summary>E φV(μ): the noise.</summary>
    public double Aleatoric => Average(node => node.Dispersion * node.Family.UnitVariance(node.Mean));

    /// <summary>ln p(y); NaN where y is not known, −∞ where it is impossible.</summary>
    public double LogDensity(double y)
    {
        if (double.IsNaN(y) || nodes.Count == 0)
            return double.NaN;
        if (!nodes[0].Family.Supports(y))
            return double.NegativeInfinity;
        double largest = double.NegativeInfinity, sum = 0;
        foreach (var (_, mean, weight, family, dispersion) in nodes)
        {
            double term = Math.Log(weight) + family.LogLikelihood(y, mean, dispersion, 1);
            if (double.IsNegativeInfinity(term))
                continue;
            if (term > largest)
                (sum, largest) = (sum * Math.Exp(largest - term) + 1, term);
            else
                sum += Math.Exp(term - largest);
        }
        return largest + Math.Log(sum / total);
    }

    /// <summary>The smallest y with P(Y ≤ y) ≥ p, from evenly spaced nodes where there are many.</summary>
    public double Quantile(double p)
    {
        if (nodes.Count == 0)
            return double.NaN;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int k = 0; k < nodes.Count; k += Stride)
        {
            var (_, mean, weight, family, dispersion) = nodes[k];
            if (weight < 1e-12 * total)
                continue;
            double part = family.Quantile(p, mean.Mean, dispersion);
            (low, high) = (Math.Min(low, part), Math.Max(high, part));
        }
        return MixtureQuantile.Solve(this, p, low, high, nodes[0].Family.IsDiscrete);
    }

    /// <inheritdoc/>
    public double Cdf(double y)
    {
        double sum = 0, weights = 0;
        for (int k = 0; k < nodes.Count; k += Stride)
        {
            var (_, mean, weight, family, dispersion) = nodes[k];
            sum += weight * family.CumulativeProbability(y, mean.Mean, dispersion);
            weights += weight;
        }
        return sum / weights;
    }

    private int Stride => (nodes.Count + MostForQuantiles - 1) / MostForQuantiles;

    private double Average(Func<(double Eta, MeanPoint Mean, double Weight, IFamily Family, double Dispersion), double> value)
    {
        if (nodes.Count == 0)
            return double.NaN;
        double sum = 0;
        foreach (var node in nodes)
            sum += node.Weight * value(node);
        return sum / total;
    }
}
