namespace ProbML.Fitting;

/// <summary>Y = min(max(Y*, lower), upper), Y* ~ N(η, σ²): probabilities of the limits, mean and variance.</summary>
/// <remarks>
/// Greene (2012), Econometric Analysis, §19.3, written with h(t) = E max(t − Z, 0) = tΦ(t) + φ(t) and
/// its square, about the point at which least cancels.
/// </remarks>
internal readonly struct CensoredNormal
{
    private readonly double sigma, below, above;          // the limits, in σ from η

    public CensoredNormal(double eta, double sigma, double lower, double upper)
    {
        this.sigma = sigma;
        (below, above) = ((lower - eta) / sigma, (upper - eta) / sigma);
        (Lower, Upper) = (NormalDistribution.Cdf(below), NormalDistribution.UpperTail(above));
        Mean = below > 0 ? lower + sigma * (Hinge(-below) - Hinge(-above))
            : above < 0 ? upper - sigma * (Hinge(above) - Hinge(below))
            : eta + sigma * (Hinge(below) - Hinge(-above));
    }

    /// <summary>P(Y = lower).</summary>
    public double Lower { get; }

    /// <summary>P(Y = upper).</summary>
    public double Upper { get; }

    /// <summary>E Y.</summary>
    public double Mean { get; }

    /// <summary>∂E Y/∂η = P(lower &lt; Y* &lt; upper), in the tail where nothing cancels.</summary>
    public double MeanSlope => below > 0
        ? NormalDistribution.UpperTail(below) - Upper
        : NormalDistribution.Cdf(above) - Lower;

    /// <summary>∂E Y/∂ln σ = σ(φ(below) − φ(above)).</summary>
    public double MeanScaleSlope => sigma * (NormalDistribution.Density(below) - NormalDistribution.Density(above));

    /// <summary>Var Y.</summary>
    public double Variance
    {
        get
        {
            if (below > 0)
                return sigma * sigma * About(below, above);
            if (above < 0)
                return sigma * sigma * About(-above, -below);
            double mean = Hinge(below) - Hinge(-above);
            return sigma * sigma * Math.Max(0, 1 - Cut(-below) - Cut(above) - mean * mean);
        }
    }

    /// <summary>Of min(max(Z, a), b), from its first two moments about a &gt; 0.</summary>
    private static double About(double a, double b)
    {
        double mean = Hinge(-a), second = Square(a);
        if (!double.IsInfinity(b))
        {
            mean -= Hinge(-b);
            second -= Square(b) + 2 * (b - a) * Hinge(-b);
        }
        return Math.Max(0, second - mean * mean);
    }

    /// <summary>E max(t − Z, 0) at t ≤ 0 or finite.</summary>
    private static double Hinge(double t) => double.IsInfinity(t)
        ? 0
        : t * NormalDistribution.Cdf(t) + NormalDistribution.Density(t);

    /// <summary>E max(Z − t, 0)².</summary>
    private static double Square(double t) =>
        (1 + t * t) * NormalDistribution.UpperTail(t) - t * NormalDistribution.Density(t);

    /// <summary>What cutting Z at t takes from E Z²: E (Z² − t²) over Z &gt; t.</summary>
    private static double Cut(double t) => double.IsInfinity(t)
        ? 0
        : (1 - t * t) * NormalDistribution.UpperTail(t) + t * NormalDistribution.Density(t);
}
