namespace ProbML.Benchmarks;

/// <summary>Simulation-based calibration of NUTS on a GLM with two coefficients.</summary>
/// <remarks>Talts, Betancourt, Simpson, Vehtari &amp; Gelman (2018), Validating Bayesian Inference Algorithms.</remarks>
internal static class SimulationCalibration
{
    private static readonly Prior prior = new NormalPrior(0.2, 0.7);

    /// <summary>For each coefficient the p-value of χ² that the prior draw's ranks are uniform.</summary>
    public static double[] Run(IFamily family, int simulations, int rows, int bins, int seed)
    {
        var task = family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        int thinned = 5 * bins - 1;                        // ranks 0 to 5·bins − 1
        var counts = new int[2, bins];
        Parallel.For(0, simulations, simulation =>
        {
            var random = new Random(unchecked(seed * 100_003 + simulation));
            double[] beta = [prior.Draw(random), prior.Draw(random)], x = new double[rows], y = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                x[i] = 2 * random.NextDouble() - 1;
                double eta = beta[0] + beta[1] * x[i];
                y[i] = family is BernoulliFamily
                    ? random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0
                    : family.Quantile(random.NextDouble(), Math.Exp(eta), 1);
            }
            var options = new BayesianGlmOptions
            {
                Family = family,
                Priors = CoefficientPriors.All(prior),
                Inference = Inference.Nuts(new() { Chains = 1, Warmup = 200, Draws = 5 * thinned }),
                Seed = simulation,
                NumberOfThreads = 1,
            };
            var model = new BayesianGlmFitter(options, task).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
            double[,] draws = model.Draws()!;
            for (int j = 0; j < 2; j++)
            {
                int rank = 0;
                for (int s = 0; s < thinned; s++)
                    rank += draws[5 * s, j] < beta[j] ? 1 : 0;
                lock (counts)
                    counts[j, rank / 5]++;
            }
        });
        double expected = (double)simulations / bins;
        return [.. Enumerable.Range(0, 2).Select(j => ChiSquared.UpperTail(
            Enumerable.Range(0, bins).Sum(k => (counts[j, k] - expected) * (counts[j, k] - expected) / expected), bins - 1))];
    }
}
