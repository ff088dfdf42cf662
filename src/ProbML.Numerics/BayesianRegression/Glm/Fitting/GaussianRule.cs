namespace ProbML.Fitting;

/// <summary>E f(Z), Z ~ N(0, 1), by the trapezoidal rule, which converges geometrically for analytic f.</summary>
/// <remarks>Trefethen &amp; Weideman (2014), SIAM Rev. 56. With step h the normal itself is integrated to exp(−2π²/h²).</remarks>
internal readonly struct GaussianRule
{
    /// <summary>The coarse rule's reach, in standard deviations, and the width of a step on the scale of η.</summary>
    public const double CoarseReach = 6, CoarseStep = 1.4, LeastCoarseStep = 0.05;

    private const int Most = 4000;

    private readonly double step, norm;
    private readonly int side;

    private GaussianRule(double step, double reach)
    {
        this.step = step;
        side = (int)Math.Ceiling(reach / step);
        norm = step / Math.Sqrt(2 * Math.PI);
    }

    public int Count => 2 * side + 1;

    /// <summary>A rule for f(m + σZ) where f is smooth on the scale of one, as the logistic function with its poles at ±iπ.</summary>
    public static GaussianRule For(double sigma)
    {
        double step = Math.Min(0.5, 0.55 / Math.Max(sigma, 1e-300)), reach = 9 + Math.Min(sigma, 6);
        return new(Math.Max(step, 2 * reach / Most), reach);
    }

    /// <summary>A coarser rule, to seven or eight digits: for columns of single precision.</summary>
    public static GaussianRule Coarse(double sigma) => new(Math.Clamp(CoarseStep / Math.Max(sigma, 1e-300), LeastCoarseStep, 1), CoarseReach);

    public double Node(int k) => (k - side) * step;

    public double Weight(int k) => norm * Math.Exp(-0.5 * Node(k) * Node(k));
}
