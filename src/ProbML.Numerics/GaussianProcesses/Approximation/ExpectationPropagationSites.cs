namespace ProbML.GaussianProcesses;

/// <summary>Expectation propagation: sites whose moments match the likelihood's against the cavity.</summary>
/// <remarks>
/// Minka (2001); Rasmussen &amp; Williams (2006), §3.6, the evidence by eqs. 3.65 and 3.73 and its gradient by 5.27. All sites are updated
/// at once, with damping, so that a sweep is one factorisation: van Gerven et al. (2009).
/// </remarks>
internal static class ExpectationPropagationSites
{
    private const int MaximumSweeps = 400;
    private const double Tolerance = 1e-10;

    /// <summary>Finds the fixed point.</summary>
    /// <param name="problem">K, rows, likelihood.</param>
    /// <param name="start">Sites to start from; null: none.</param>
    /// <param name="gradient">Whether the likelihood's derivatives are wanted.</param>
    /// <exception cref="InvalidOperationException">The sites' precisions leave no posterior.</exception>
    public static LatentSites Find(LatentProblem problem, LatentSites? start, bool gradient)
    {
        int n = problem.Count;
        double[] precisions = (double[]?)start?.Precisions.Clone() ?? new double[n];
        double[] natural = start?.NaturalMeans(problem) ?? new double[n];
        double damping = 1, before = double.PositiveInfinity;
        for (int sweep = 1; ; sweep++)
        {
            var factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads)
                ?? throw new InvalidOperationException("Expectation propagation came to precisions that leave no posterior. Use Laplace.");
            var (a, g, variances) = Posterior(problem, factor, natural);
            double change = 0;
            var (nextPrecisions, nextNatural, tilted) = (new double[n], new double[n], new TiltedMoments[n]);
            for (int i = 0; i < n; i++)
            {
                var (cavity, shift) = Cavity(i);
                tilted[i] = problem.Tilt(i, problem.Mean + shift / cavity, 1 / cavity);
                double precision = 1 / tilted[i].Variance;
                nextPrecisions[i] = Math.Max(precision - cavity, problem.Likelihood.IsLogConcave ? 0 : -0.5 * cavity);
                nextNatural[i] = precision * (tilted[i].Mean - problem.Mean) - shift;
                change = Math.Max(change, Math.Max(
                    Math.Abs(nextPrecisions[i] - precisions[i]) / (1 + precisions[i]),
                    Math.Abs(nextNatural[i] - natural[i]) / (1 + Math.Abs(natural[i]))));
            }
            bool converged = change <= Tolerance;
            if (converged || sweep == MaximumSweeps)
                return new(
                    precisions, a, factor, Evidence(), null, gradient ? Likelihood() : [], sweep, converged);
            if (change > before)
                damping = Math.Max(0.1, 0.7 * damping);
            before = change;
            for (int i = 0; i < n; i++)
            {
                precisions[i] += damping * (nextPrecisions[i] - precisions[i]);
                natural[i] += damping * (nextNatural[i] - natural[i]);
            }

            (double Precision, double Natural) Cavity(int i)
            {
                double cavity = Math.Max(1 / variances[i] - precisions[i], 1e-12 / variances[i]);
                return (cavity, g[i] / variances[i] - natural[i]);
            }

            double Evidence()
            {
                double sum = -0.5 * factor.LogDeterminant;
                for (int i = 0; i < n; i++)
                {
                    var (cavity, shift) = Cavity(i);
                    double mean = shift / cavity, both = cavity + precisions[i];
                    sum += tilted[i].LogZ + 0.5 * Elementary.Log1p(precisions[i] / cavity)
                        + 0.5 * natural[i] * g[i] - 0.5 * natural[i] * natural[i] / both
                        + 0.5 * mean * cavity / both * (precisions[i] * mean - 2 * natural[i]);
                }
                return sum;
            }

            double[] Likelihood()
            {
                var sum = new double[problem.Likelihood.ParameterNames.Count];
                var part = new double[sum.Length];
                for (int i = 0; i < n && sum.Length > 0; i++)
                {
                    var (cavity, shift) = Cavity(i);
                    TiltedIntegral.Parameters(
                        problem.Likelihood, problem.Rows.Y(i), problem.Mean + shift / cavity + problem.Rows.Offset(i), 1 / cavity,
                        problem.Rows.Weight(i), part);
                    for (int k = 0; k < sum.Length; k++)
                        sum[k] += part[k];
                }
                return sum;
            }
        }
    }

    /// <summary>a, K a and the variances of the posterior that sites make.</summary>
    internal static (double[] Weights, double[] Centred, double[] Variances) Posterior(
        LatentProblem problem, SiteFactor factor, double[] natural)
    {
        var a = factor.Apply(problem.Times(natural));
        for (int i = 0; i < a.Length; i++)
            a[i] = natural[i] - a[i];
        return (a, problem.Times(a), factor.Variances());
    }
}
