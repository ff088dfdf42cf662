using System.Globalization;

namespace ProbML.Benchmarks;

/// <summary>How often 50 % and 90 % intervals of new observations hold, over data drawn from the model.</summary>
internal static class BayesCoverage
{
    public static void Run()
    {
        const int simulations = 400, rows = 40, tests = 25;
        foreach (var (name, inference) in ((string, Inference)[])[("Laplace", Inference.Laplace), ("variational", Inference.Variational())])
        {
            Report($"Poisson, {name}", new() { Family = Families.Poisson, Inference = inference });
            Report($"Gamma, {name}", new() { Family = Families.Gamma, Link = Links.Log, Dispersion = DispersionPrior.Fixed(0.4), Inference = inference });
        }
        Report("Gaussian, unknown noise, Laplace", new() { Inference = Inference.Laplace });

        static void Report(string name, BayesianGlmOptions options)
        {
            double half = 0, nine = 0;
            for (int s = 0; s < simulations; s++)
            {
                var random = new Random(s);
                double a = 0.5 * Normal(random), b = 0.5 * Normal(random);
                var (x, y) = Draw(random, rows, a, b, options);
                var model = new BayesianGlmFitter(options with { Priors = CoefficientPriors.All(new NormalPrior(0, 0.5)) })
                    .Fit(new MatrixDesign(x, y), TrainingMonitor.None);
                var (u, v) = Draw(random, tests, a, b, options);
                for (int i = 0; i < tests; i++)
                {
                    var at = model.Predict([u[i]]);
                    half += v[i] >= at.Quantile(0.25) && v[i] <= at.Quantile(0.75) ? 1 : 0;
                    nine += v[i] >= at.Quantile(0.05) && v[i] <= at.Quantile(0.95) ? 1 : 0;
                }
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-34} 50 % intervals hold {half / (simulations * tests):P1}, 90 % intervals {nine / (simulations * tests):P1} of new observations"));
        }
    }

    private static (double[] X, double[] Y) Draw(Random random, int n, double a, double b, BayesianGlmOptions options)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(_ => 2 * random.NextDouble() - 1)];
        double[] y = [.. x.Select(v => options.Family switch
        {
            null => a + b * v + Normal(random),
            GammaFamily gamma => gamma.Quantile(random.NextDouble(), Math.Exp(a + b * v), 0.4),
            var family => family.Quantile(random.NextDouble(), Math.Exp(a + b * v), 1),
        })];
        return (x, y);
    }

    private static double Normal(Random random) => NormalDistribution.Quantile(1 - random.NextDouble());
}
