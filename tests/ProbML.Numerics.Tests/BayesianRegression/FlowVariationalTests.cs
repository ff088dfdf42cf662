using ProbML.Fitting;

namespace ProbML.Tests.BayesianRegression;

/// <summary>Posteriors by planar flows, on a skewed posterior whose evidence and moments are known by quadrature.</summary>
public sealed class FlowVariationalTests
{
    /// <summary>Nearly separated classes of few rows: a long tail to one side.</summary>
    private static readonly double[] X = [-1.6, -1.1, -0.8, -0.5, -0.2, 0.3, 0.7, 1.0, 1.3, 1.9], Y = [0, 0, 0, 0, 0, 1, 0, 1, 1, 1];

    private static readonly Lazy<(double LogEvidence, double[] Mean, double[] Deviation, double[] Skewness)> Exact = new(Quadrature);

    private static readonly Lazy<BayesianGlmModel> Flow = new(() => Fit(Inference.NormalizingFlow()));

    [Fact]
    public void Bounds_rise_from_independence_to_the_evidence()
    {
        double independent = Fit(Inference.MeanField()).LogEvidence, full = Fit(Inference.Variational()).LogEvidence;
        double flow = Flow.Value.LogEvidence, evidence = Exact.Value.LogEvidence;
        Assert.True(independent < full, $"{independent}, {full}");
        Assert.True(full + 0.02 < flow, $"{full}, {flow}");
        Assert.True(flow < evidence + 0.01, $"{flow}, {evidence}");
        Assert.True(evidence - flow < 0.35 * (evidence - full), $"{evidence}: {flow}, {full}");
    }

    [Fact]
    public void Its_draws_are_nearer_to_the_posterior_than_the_closest_normal()
    {
        var (_, mean, deviation, skewness) = Exact.Value;
        var normal = Fit(Inference.Variational());
        double[,] draws = Flow.Value.Draws()!;
        Assert.Equal(4000, draws.GetLength(0));
        for (int j = 0; j < 2; j++)
        {
            double[] drawn = [.. Enumerable.Range(0, 4000).Select(s => draws[s, j])];
            double ofMean = drawn.Average(), spread = Math.Sqrt(drawn.Average(b => Math.Pow(b - ofMean, 2)));
            double skew = drawn.Average(b => Math.Pow((b - ofMean) / spread, 3));
            Assert.Equal(mean[j], ofMean, 0.1 * deviation[j]);
            Assert.Equal(deviation[j], spread, 0.12 * deviation[j]);
            Assert.True(Math.Abs(skew - skewness[j]) < 0.5 * Math.Abs(skewness[j]), $"{skew}, {skewness[j]}");
            Assert.Equal(ofMean, Flow.Value.Coefficients[j].Mean, 1e-9);
        }
        Assert.True(
            Math.Abs(Flow.Value.Coefficients[1].StandardDeviation - deviation[1])
            < 0.5 * Math.Abs(normal.Coefficients[1].StandardDeviation - deviation[1]));
    }

    [Fact]
    public void Predictions_are_nearer_to_quadrature_than_those_of_the_closest_normal()
    {
        var normal = Fit(Inference.Variational());
        double flowError = 0, normalError = 0;
        foreach (double x in (double[])[-3, -2, -1, 0, 0.5, 1, 2, 3])
        {
            double exact = Probability(x);
            flowError = Math.Max(flowError, Math.Abs(Flow.Value.Predict([x]).Mean - exact));
            normalError = Math.Max(normalError, Math.Abs(normal.Predict([x]).Mean - exact));
        }
        Assert.True(flowError < 0.01, $"{flowError}");
        Assert.True(flowError < normalError, $"{flowError}, {normalError}");
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Gradient_is_the_derivative(int layers)
    {
        var density = new Banana();
        var random = new Random(5);
        var flow = new FlowVariational(density, new() { Layers = layers }, [0.3, -0.2], [1.1, 0, 0.4, 0.7], random);
        for (int k = 0; k < flow.Numbers.Length; k++)
            flow.Numbers[k] += 0.4 * RandomNormal.Draw(random);
        var noise = new double[10];
        RandomNormal.Fill(random, noise);
        flow.Gradient(noise);
        double[] gradient = flow.Slopes.ToArray();
        int upper = flow.Numbers.Length - 3;                     // the place above the diagonal of L
        for (int k = 0; k < gradient.Length; k++)
        {
            if (k == upper)
                continue;
            const double h = 1e-6;
            double at = flow.Numbers[k];
            flow.Numbers[k] = at + h;
            double more = flow.Gradient(noise);
            flow.Numbers[k] = at - h;
            double less = flow.Gradient(noise);
            flow.Numbers[k] = at;
            Assert.Equal((more - less) / (2 * h), gradient[k], 1e-6 * (1 + Math.Abs(gradient[k])));
        }
    }

    /// <summary>ln |det ∂u/∂ε| is in the bound: a normal's is its evidence, to the last digit.</summary>
    [Fact]
    public void A_posterior_that_is_normal_stays_so_and_its_bound_is_the_evidence()
    {
        var options = new BayesianGlmOptions
        {
            Family = Families.Gaussian, Dispersion = DispersionPrior.Fixed(0.5), Inference = Inference.NormalizingFlow(new() { Steps = 200 }),
        };
        var model = new BayesianGlmFitter(options).Fit(Design(), TrainingMonitor.None);
        var exact = new BayesianGlmFitter(options with { Inference = Inference.Laplace }).Fit(Design(), TrainingMonitor.None);
        Assert.Equal(exact.LogEvidence, model.LogEvidence, 0.01);
        Assert.True(model.LogEvidence <= exact.LogEvidence + 1e-9);
    }

    [Fact]
    public void Priors_without_curvature_and_free_dispersions_are_taken()
    {
        var options = new BayesianGlmOptions
        {
            Family = Families.Gaussian,
            Priors = new() { Default = new RegularisedHorseshoePrior() },
            Inference = Inference.NormalizingFlow(new() { Steps = 200, PosteriorDraws = 500 }),
        };
        var model = new BayesianGlmFitter(options).Fit(Design(), TrainingMonitor.None);
        Assert.Equal(500, model.DrawCount);
        Assert.True(double.IsNaN(model.LogEvidence));
        Assert.All(model.Coefficients, one => Assert.True(double.IsFinite(one.Mean) && one.StandardDeviation > 0));
        Assert.NotNull(model.LogDispersion);
    }

    [Fact]
    public void One_seed_gives_one_posterior_and_it_is_saved()
    {
        var quick = Inference.NormalizingFlow(new() { Steps = 50, PosteriorDraws = 200 });
        double[,] one = Fit(quick).Draws()!, other = Fit(quick).Draws()!;
        Assert.Equal(one, other);
        using var stream = new MemoryStream();
        var model = Fit(quick);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var read = BayesianGlmModel.Read(reader);
        Assert.Equal(model.Draws(), read.Draws());
        Assert.Equal(("vi-flow", model.LogEvidence), (read.InferenceName, read.LogEvidence));
        Assert.Contains("Log evidence, at least", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        static void Refused(FlowVariationalOptions options, string name) => Assert.Equal(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new BayesianGlmFitter(new() { Inference = Inference.NormalizingFlow(options) })).ParamName);
        Refused(new() { Layers = 0 }, "Layers");
        Refused(new() { Steps = 0 }, "Steps");
        Refused(new() { Draws = 1 }, "Draws");
        Refused(new() { StepSize = double.NaN }, "StepSize");
        Refused(new() { PosteriorDraws = 10 }, "PosteriorDraws");
    }

    private static BayesianGlmModel Fit(Inference inference) => new BayesianGlmFitter(
        new() { Inference = inference, Priors = new() { Default = new NormalPrior(0, 5), Intercept = new NormalPrior(0, 5) } },
        PredictionTask.BinaryClassification).Fit(Design(), TrainingMonitor.None);

    private static MatrixDesign Design() => new(X, Y, ["x"]);

    private static (double, double[], double[], double[]) Quadrature()
    {
        double[] mean = new double[2], second = new double[2], third = new double[2];
        double largest = double.NegativeInfinity, sum = 0;
        foreach (var (a, b, log) in Grid())
            largest = Math.Max(largest, log);
        foreach (var (a, b, log) in Grid())
        {
            double weight = Math.Exp(log - largest);
            sum += weight;
            for (int j = 0; j < 2; j++)
            {
                double beta = j == 0 ? a : b;
                mean[j] += weight * beta;
                second[j] += weight * beta * beta;
                third[j] += weight * beta * beta * beta;
            }
        }
        double[] deviation = new double[2], skewness = new double[2];
        for (int j = 0; j < 2; j++)
        {
            (mean[j], second[j], third[j]) = (mean[j] / sum, second[j] / sum, third[j] / sum);
            double variance = second[j] - mean[j] * mean[j];
            deviation[j] = Math.Sqrt(variance);
            skewness[j] = (third[j] - 3 * mean[j] * variance - Math.Pow(mean[j], 3)) / Math.Pow(variance, 1.5);
        }
        return (largest + Math.Log(sum) + 2 * Math.Log(Cell), mean, deviation, skewness);
    }

    private const double Cell = 0.06;

    private static IEnumerable<(double A, double B, double Log)> Grid()
    {
        for (double a = -24; a < 18; a += Cell)
        {
            for (double b = -6; b < 28; b += Cell)
                yield return (a, b, LogJoint(a, b));
        }
    }

    private static double Probability(double x)
    {
        double sum = 0, total = 0;
        foreach (var (a, b, log) in Grid())
        {
            double weight = Math.Exp(log);
            total += weight;
            sum += weight / (1 + Math.Exp(-(a + b * x)));
        }
        return sum / total;
    }

    private static double LogJoint(double a, double b)
    {
        double log = -0.5 * (a * a + b * b) / 25 - Math.Log(2 * Math.PI * 25);
        for (int i = 0; i < X.Length; i++)
        {
            double eta = (2 * Y[i] - 1) * (a + b * X[i]);
            log += Math.Min(eta, 0) - Elementary.Log1p(Math.Exp(-Math.Abs(eta)));
        }
        return log;
    }

    private sealed class Banana : ILogDensity
    {
        public int Dimension => 2;

        public double Evaluate(ReadOnlySpan<double> position, Span<double> gradient)
        {
            double bend = position[1] - position[0] * position[0];
            gradient[0] = -position[0] + 4 * bend * position[0];
            gradient[1] = -2 * bend;
            return -0.5 * position[0] * position[0] - bend * bend;
        }
    }
}
