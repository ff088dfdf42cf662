namespace ProbML.Tests;

/// <summary>Small designs with known structure.</summary>
internal static class GlmCases
{
    public static readonly string[] RegressionFamilies =
        ["gaussian", "poisson", "gamma", "inverse-gaussian", "tweedie(1.5)", "negative-binomial(2)", "negative-binomial"];

    /// <summary>n rows of d features whose response follows the family about exp(0.5 + 0.4 x1 − 0.3 x2).</summary>
    public static MatrixDesign Log(string family, int n = 400, int d = 3, int seed = 7, bool weights = false, bool offsets = false)
    {
        var random = new Random(seed);
        double[] x = new double[n * d], y = new double[n], w = new double[n], o = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                x[i * d + j] = 2 * random.NextDouble() - 1;
            w[i] = 1 + random.Next(3);
            o[i] = offsets ? random.NextDouble() : 0;
            double mean = Math.Exp(0.5 + 0.4 * x[i * d] - 0.3 * x[i * d + 1] + o[i]);
            y[i] = Draw(family, mean, random);
        }
        return new MatrixDesign(x, y, weights: weights ? w : null, offsets: offsets ? o : null);
    }

    /// <summary>Two classes, P(y = 1) = 1 / (1 + exp(−(x1 − x2))).</summary>
    public static MatrixDesign Binary(int n = 400, int seed = 3)
    {
        var random = new Random(seed);
        double[] x = new double[n * 2], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            (x[2 * i], x[2 * i + 1]) = (4 * random.NextDouble() - 2, 4 * random.NextDouble() - 2);
            y[i] = random.NextDouble() < 1 / (1 + Math.Exp(x[2 * i + 1] - x[2 * i])) ? 1 : 0;
        }
        return new MatrixDesign(x, y);
    }

    public static MatrixDesign Of(double[][] rows, double[] y, double[]? weights = null, string[]? names = null) =>
        new([.. rows.SelectMany(row => row)], y, names, weights);

    public static GlmModel Fit(Design design, GlmOptions options, Action<string>? warn = null) =>
        new GlmFitter(options, options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression)
            .Fit(design, new TrainingMonitor { Warning = warn });

    private static double Draw(string family, double mean, Random random)
    {
        double u = random.NextDouble();
        return family.Split('(')[0] switch
        {
            "gaussian" => mean + 0.3 * NormalDistribution.Quantile(u),
            "poisson" => Families.Poisson.Quantile(u, mean, 1),
            "gamma" => Families.Gamma.Quantile(u, mean, 0.5),
            "inverse-gaussian" => Families.InverseGaussian.Quantile(u, mean, 0.3),
            "tweedie" => Families.Tweedie(1.5).Quantile(u, mean, 1),
            "negative-binomial" => Families.NegativeBinomial(2).Quantile(u, mean, 1),
            var other => throw new ArgumentOutOfRangeException(nameof(family), other, null),
        };
    }
}
