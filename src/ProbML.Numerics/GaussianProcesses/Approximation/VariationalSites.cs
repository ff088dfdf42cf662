namespace ProbML.GaussianProcesses;

/// <summary>The normal q(f) that is closest to the posterior in KL(q ‖ p): N(m + K a, (K⁻¹ + W)⁻¹).</summary>
/// <remarks>
/// Opper &amp; Archambeau (2009), eqs. 8–10: at the optimum a = E ∂ ln p/∂f and W = −E ∂² ln p/∂f². Reached by natural-gradient
/// steps (Khan &amp; Lin 2017), halved until the bound does not fall.
/// </remarks>
internal static class VariationalSites
{
    private const int MaximumIterations = 500;
    private const double Tolerance = 1e-9;

    /// <summary>Maximises the bound.</summary>
    /// <param name="problem">K, rows, likelihood.</param>
    /// <param name="start">Sites to start from; null: the Laplace approximation's.</param>
    /// <param name="gradient">Whether the likelihood's derivatives are wanted.</param>
    public static LatentSites Find(LatentProblem problem, LatentSites? start, bool gradient)
    {
        int n = problem.Count;
        start ??= LaplaceSites.Find(problem, null, gradient: false);
        double[] precisions = [.. start.Precisions.Select(w => Math.Max(w, 0))], natural = start.NaturalMeans(problem);
        var now = Evaluate(problem, precisions, natural)
            ?? Evaluate(problem, precisions = new double[n], natural = new double[n])!;
        double step = 1;
        for (int iteration = 1; ; iteration++)
        {
            double change = 0;
            for (int i = 0; i < n; i++)
                change = Math.Max(change, Math.Max(
                    Math.Abs(now.Expected[i].Slope - now.Weights[i]) / (1 + Math.Abs(now.Weights[i])),
                    Math.Abs(-now.Expected[i].Curvature - precisions[i]) / (1 + precisions[i])));
            bool converged = change <= Tolerance;
            State? next = null;
            if (!converged && iteration < MaximumIterations)
            {
                for (; next is null && step > 1e-4; step *= next is null ? 0.5 : 1)
                {
                    var (triedPrecisions, triedNatural) = (new double[n], new double[n]);
                    for (int i = 0; i < n; i++)
                    {
                        double own = -now.Expected[i].Curvature, mean = own * now.Centred[i] + now.Expected[i].Slope;
                        triedPrecisions[i] = Math.Max(0, precisions[i] + step * (own - precisions[i]));
                        triedNatural[i] = natural[i] + step * (mean - natural[i]);
                    }
                    var tried = Evaluate(problem, triedPrecisions, triedNatural);
                    if (tried is not null && tried.Bound >= now.Bound - 1e-11 * Math.Abs(now.Bound))
                        (next, precisions, natural) = (tried, triedPrecisions, triedNatural);
                }
            }
            if (next is null)
                return new(
                    precisions, now.Weights, now.Factor, now.Bound, null, gradient ? Likelihood(problem, now) : [], iteration,
                    converged);
            (now, step) = (next, Math.Min(1, 1.5 * step));
        }
    }

    private sealed record State(
        SiteFactor Factor, double[] Weights, double[] Centred, double[] Variances, LatentPoint[] Expected, double Bound);

    /// <summary>Σ E ln p(y | f) − KL(q ‖ p).</summary>
    private static State? Evaluate(LatentProblem problem, double[] precisions, double[] natural)
    {
        var factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads);
        if (factor is null)
            return null;
        var (a, g, variances) = ExpectationPropagationSites.Posterior(problem, factor, natural);
        var expected = new LatentPoint[a.Length];
        double bound = -0.5 * factor.LogDeterminant;
        for (int i = 0; i < a.Length; i++)
        {
            expected[i] = problem.Expect(i, problem.Mean + g[i], variances[i]);
            bound += expected[i].Value + 0.5 * (precisions[i] * variances[i] - a[i] * g[i]);
        }
        return double.IsFinite(bound) ? new(factor, a, g, variances, expected, bound) : null;
    }

    private static double[] Likelihood(LatentProblem problem, State at)
    {
        var sum = new double[problem.Likelihood.ParameterNames.Count];
        if (sum.Length == 0)
            return sum;
        Span<ParameterPoint> points = stackalloc ParameterPoint[sum.Length];
        for (int i = 0; i < at.Weights.Length; i++)
        {
            double sigma = Math.Sqrt(at.Variances[i]), mean = problem.Mean + at.Centred[i] + problem.Rows.Offset(i);
            var rule = Fitting.GaussianRule.For(sigma / problem.Likelihood.Smoothness);
            for (int k = 0; k < rule.Count; k++)
            {
                problem.Likelihood.Parameters(problem.Rows.Y(i), mean + sigma * rule.Node(k), points);
                for (int j = 0; j < sum.Length; j++)
                    sum[j] += problem.Rows.Weight(i) * rule.Weight(k) * points[j].Value;
            }
        }
        return sum;
    }
}
