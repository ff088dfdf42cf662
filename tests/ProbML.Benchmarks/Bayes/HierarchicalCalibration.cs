namespace ProbML.Benchmarks;

/// <summary>Simulation-based calibration of hierarchical draws: a Poisson regression whose groups have intercepts.</summary>
/// <remarks>Talts, Betancourt, Simpson, Vehtari &amp; Gelman (2018), Validating Bayesian Inference Algorithms.</remarks>
internal static class HierarchicalCalibration
{
    private static readonly NormalPrior Prior = new(0.5, 0.5), Scale = new(0, 0.5);

    /// <summary>For the intercept, the slope and the groups' standard deviation the p-value of χ² that their ranks are uniform.</summary>
    public static double[] Run(int simulations, int groups, int rows, int bins, int seed)
    {
        int thinned = 5 * bins - 1;                        // ranks 0 to 5·bins − 1
        var counts = new int[3, bins];
        Parallel.For(0, simulations, simulation =>
        {
            var random = new Random(unchecked(seed * 100_003 + simulation));
            double[] truth = [Prior.Draw(random), Prior.Draw(random), Math.Abs(Scale.Draw(random))];
            double[] b = [.. Enumerable.Range(0, groups).Select(_ => truth[2] * RandomNormal.Draw(random))];
            double[] x = new double[rows], y = new double[rows];
            string[] names = new string[rows];
            for (int i = 0; i < rows; i++)
            {
                x[i] = 2 * random.NextDouble() - 1;
                names[i] = $"g{i % groups}";
                y[i] = Families.Poisson.Quantile(random.NextDouble(), Math.Exp(truth[0] + truth[1] * x[i] + b[i % groups]), 1);
            }
            var options = new HierarchicalOptions
            {
                Family = Families.Poisson,
                Effects = [new("g")],
                Priors = CoefficientPriors.All(Prior),
                GroupScale = Scale,
                Inference = HierarchicalInference.Nuts(new() { Chains = 1, Warmup = 300, Draws = 8 * thinned, TargetAcceptance = 0.9 }),
                Seed = simulation,
                NumberOfThreads = 1,
            };
            var design = new MatrixDesign(x, y) { GroupColumns = [GroupColumn.Of("g", names)] };
            var model = new HierarchicalFitter(options).Fit(design, TrainingMonitor.None);
            double[][] draws = model.Draws()!;
            for (int j = 0; j < 3; j++)
            {
                int rank = 0;
                for (int s = 0; s < thinned; s++)
                    rank += draws[j][8 * s] < truth[j] ? 1 : 0;
                lock (counts)
                    counts[j, rank / 5]++;
            }
        });
        double expected = (double)simulations / bins;
        return [.. Enumerable.Range(0, 3).Select(j => ChiSquared.UpperTail(
            Enumerable.Range(0, bins).Sum(k => (counts[j, k] - expected) * (counts[j, k] - expected) / expected), bins - 1))];
    }
}
