namespace ProbML.DensityRatios;

/// <summary>LSIF, uLSIF and RuLSIF: the least-squares fit of p/(α p + (1 − α) q) by kernels.</summary>
/// <remarks>
/// Minimises ½ θᵀ(H + λI)θ − hᵀθ, H = α E_p kkᵀ + (1 − α) E_q kkᵀ, h = E_p k: over θ ≥ 0 (LSIF's constraint, with a ridge), or in
/// closed form, negatives then set to zero (uLSIF). Kanamori, Hido &amp; Sugiyama (2009) for α = 0; Yamada et al. (2013) for
/// α &gt; 0, where the ratio is bounded by 1/α.
/// </remarks>
public static class LeastSquaresDensityRatio
{
    private static readonly double[] Regularizations = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>
    /// Fits the ratio; what the options leave open is chosen by the objective over rows left out: folds of both samples, or in closed
    /// form one row of each at a time.
    /// </summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Centres, widths, α; null: 100 centres drawn, α 0, the rest chosen.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <returns>The ratio; its divergence is the Pearson divergence ½ E (r − 1)² over the denominator.</returns>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static KernelDensityRatio Fit(
        double[] numerator,
        double[] denominator,
        int featureCount,
        KernelRatioOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        options ??= new();
        var columns = new KernelColumns(numerator, denominator, featureCount, options);
        double[] penalties = options.Regularization is { } one ? [one] : Regularizations;
        var (bandwidth, penalty) = (columns.Bandwidths[0], penalties[0]);
        if (columns.Bandwidths.Length * penalties.Length > 1)
        {
            var best = new Dictionary<double, double>();
            bandwidth = columns.ChooseBandwidth(Score);
            if (best.Count == 0)
                Score(bandwidth);
            penalty = best[bandwidth];

            double Score(double width)
            {
                monitor?.ThrowIfCancelled();
                (double score, best[width]) = options.IsConstrained
                    ? new HeldOutLeastSquares(columns, width, options).Best(penalties, monitor)
                    : new LeastSquaresProblem(columns, width, options.Alpha).Best(penalties);
                return -score;
            }
        }
        var chosen = new LeastSquaresProblem(columns, bandwidth, options.Alpha);
        double[] theta = options.IsConstrained ? chosen.SolveConstrained(penalty, monitor) : chosen.Solve(penalty);
        return new(columns, bandwidth, theta)
        {
            Regularization = penalty,
            Alpha = options.Alpha,
            Divergence = chosen.Divergence(theta),
        };
    }

    /// <summary>The leave-one-out score at a width and penalty: the mean of α r(x)²/2 + (1 − α) r(y)²/2 − r(x) of pairs left out.</summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Bandwidth and Regularization must be given.</param>
    /// <remarks>Kanamori, Hido &amp; Sugiyama (2009), §3.3: by a rank-one update a pair, not by fitting again.</remarks>
    /// <exception cref="ArgumentException">Bandwidth or Regularization is not given.</exception>
    public static double LeaveOneOutScore(
        double[] numerator, double[] denominator, int featureCount, KernelRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is not { Bandwidth: { } bandwidth, Regularization: { } penalty })
            throw new ArgumentException("A score is of one bandwidth and one regularization: give both.", nameof(options));
        return new LeastSquaresProblem(new(numerator, denominator, featureCount, options), bandwidth, options.Alpha).LeaveOneOut(penalty);
    }
}
