namespace ProbML.Fitting;

/// <summary>A row's log-likelihood and its derivatives, or their expectations over a normal η.</summary>
internal record struct RowDerivatives
{
    /// <summary>l.</summary>
    public double Value;

    /// <summary>∂l/∂η.</summary>
    public double Score;

    /// <summary>−∂²l/∂η².</summary>
    public double Information;

    /// <summary>∂l/∂τ, τ = ln φ.</summary>
    public double TauScore;

    /// <summary>−∂²l/∂τ².</summary>
    public double TauInformation;

    /// <summary>−∂²l/∂η∂τ.</summary>
    public double TauCross;
}

/// <summary>ln p(y; η, φ, w) of a family with a link at a dispersion.</summary>
/// <remarks>φ of a negative binomial whose θ is free is 1/θ.</remarks>
internal sealed class EtaLikelihood
{
    private const double Small = 1e-4;

    private readonly IFamily family;
    private readonly ILinkFunction link;
    private readonly bool isBinomial;
    private readonly double logDispersion, dispersion, scale;

    public EtaLikelihood(IFamily family, ILinkFunction link, double logDispersion)
    {
        isBinomial = family is NegativeBinomialFamily { Theta: null };
        this.logDispersion = logDispersion;
        dispersion = Math.Exp(logDispersion);
        scale = isBinomial ? 1 : dispersion;
        this.family = isBinomial ? new NegativeBinomialFamily(1 / dispersion) : family;
        this.link = link;
    }

    /// <summary>Whether a family has a dispersion that may be unknown: φ, or the negative binomial's θ.</summary>
    public static bool HasFreeDispersion(IFamily family) =>
        family.EstimatesDispersion || family is NegativeBinomialFamily { Theta: null };

    public double LogLikelihood(double y, double eta, double w)
    {
        if (!link.IsInDomain(eta))
            return double.NegativeInfinity;
        var mean = link.Inverse(eta);
        return family.IsValidMean(mean) ? family.LogLikelihood(y, mean, scale, w) : double.NegativeInfinity;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(isBinomial ? new NegativeBinomialFamily().Name : family.Name);
        writer.Write(link.Name);
        writer.Write(logDispersion);
    }

    public static EtaLikelihood Read(BinaryReader reader) =>
        new(Families.Parse(reader.ReadString()), Links.Parse(reader.ReadString()), reader.ReadDouble());

    /// <summary>At a known η; false outside the domain.</summary>
    public bool TryAt(double y, double eta, double w, bool withTau, out RowDerivatives row)
    {
        row = default;
        if (!link.IsInDomain(eta))
            return false;
        var mean = link.Inverse(eta);
        if (!family.IsValidMean(mean))
            return false;
        row.Value = family.LogLikelihood(y, mean, scale, w);
        row.Score = w * RowTerms.Score(family, y, mean) / scale;
        row.Information = w * RowTerms.ObservedInformation(family, y, mean) / scale;
        if (withTau)
            AddTau(y, mean, w, ref row);
        return double.IsFinite(row.Value);
    }

    /// <summary>Expected over η ~ N(eta, variance); false where η may leave the domain.</summary>
    public bool TryExpect(double y, double eta, double variance, double w, out RowDerivatives row)
    {
        row = default;
        double root = Math.Sqrt(variance);
        var rule = GaussianRule.For(root);
        for (int k = 0; k < rule.Count; k++)
        {
            if (!TryAt(y, eta + root * rule.Node(k), w, false, out var at))
                return false;
            double weight = rule.Weight(k);
            row.Value += weight * at.Value;
            row.Score += weight * at.Score;
            row.Information += weight * at.Information;
        }
        return true;
    }

    private void AddTau(double y, in MeanPoint mean, double w, ref RowDerivatives row)
    {
        row.TauCross = row.Score;                           // l depends on η through (…)/φ alone
        switch (family)
        {
            case GaussianFamily:
                double half = 0.5 * w * family.UnitDeviance(y, mean) / scale;
                (row.TauScore, row.TauInformation) = (half - 0.5, half);
                break;
            case InverseGaussianFamily:
                double part = 0.5 * w * family.UnitDeviance(y, mean) / scale;
                (row.TauScore, row.TauInformation) = (part - 0.5 * w, part);
                break;
            case GammaFamily:
                double shape = 1 / scale;
                double slope = w * (Math.Log(shape) - GammaFunctions.Digamma(shape) - 0.5 * family.UnitDeviance(y, mean));
                double bend = w * (scale - GammaFunctions.Trigamma(shape));
                (row.TauScore, row.TauInformation) = (-shape * slope, -shape * (slope + shape * bend));
                break;
            case NegativeBinomialFamily when isBinomial:
                AddTheta(y, mean, w, ref row);
                break;
            default:
                double more = family.LogLikelihood(y, mean, scale * Math.Exp(Small), w);
                double less = family.LogLikelihood(y, mean, scale * Math.Exp(-Small), w);
                (row.TauScore, row.TauInformation) = ((more - less) / (2 * Small), (2 * row.Value - more - less) / (Small * Small));
                break;
        }
    }

    /// <summary>θ = e^(−τ). Lawless (1987), §3.</summary>
    private void AddTheta(double y, in MeanPoint mean, double w, ref RowDerivatives row)
    {
        double theta = 1 / dispersion, mu = mean.Mean, sum = mu + theta;
        var (digamma, trigamma) = NegativeBinomialTheta.GammaDifferences(y, theta);
        double slope = w * (digamma - Elementary.Log1p(mu / theta) + (mu - y) / sum);
        double bend = w * (trigamma + mu / (theta * sum) + (y - mu) / (sum * sum));
        row.TauScore = -theta * slope;
        row.TauInformation = -theta * (slope + theta * bend);
        row.TauCross = theta * w * (y - mu) * mean.Slope / (sum * sum);
    }
}
