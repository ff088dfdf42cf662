namespace ProbML.Tests.BayesianRegression;

/// <summary>Laws of Bayesian GLMs, and what bad input does.</summary>
public sealed class BayesianGlmTests
{
    private static readonly string[] Names = ["a", "b"];

    /// <summary>With a Gaussian likelihood and known noise every normal approximation is the exact, conjugate posterior.</summary>
    [Fact]
    public void Every_inference_is_exact_for_the_linear_model()
    {
        var design = Rows((eta, random) => eta + RandomNormal.Draw(random));
        var priors = new CoefficientPriors { Default = new NormalPrior(0.5, 2), Intercept = new NormalPrior(0, 3) };
        var exact = new BayesianLinearFitter(new() { Inference = LinearInference.KnownNoise(1), Priors = priors }).Fit(design, TrainingMonitor.None);
        foreach (var inference in (Inference[])[Inference.Laplace, Inference.Variational(), Inference.ExpectationPropagation])
        {
            var model = new BayesianGlmFitter(new() { Priors = priors, Dispersion = DispersionPrior.Fixed(1), Inference = inference })
                .Fit(design, TrainingMonitor.None);
            Assert.Equal(exact.LogEvidence, model.LogEvidence, 1e-8);
            BayesReference.AssertClose(exact.Covariance.Flat(), model.Covariance.Flat(), 1e-9, "covariance");
            Assert.Equal(exact.Coefficients[1].Mean, model.Coefficients[1].Mean, 1e-9);
        }
    }

    /// <summary>Stochastic gradients of either kind find what quadrature finds.</summary>
    [Theory]
    [InlineData(VariationalGradient.Reparameterised, true, 0.03), InlineData(VariationalGradient.Reparameterised, false, 0.03)]
    [InlineData(VariationalGradient.ScoreFunction, true, 0.12), InlineData(VariationalGradient.ScoreFunction, false, 0.12)]
    public void Stochastic_gradients_find_the_closest_normal(VariationalGradient gradient, bool fullRank, double tolerance)
    {
        var design = Rows((eta, random) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0);
        var options = new VariationalOptions { Gradient = gradient, Steps = 1500, Draws = gradient == VariationalGradient.ScoreFunction ? 60 : 16 };
        var exact = Fit(design, fullRank ? Inference.Variational() : Inference.MeanField());
        var model = Fit(design, fullRank ? Inference.Variational(options) : Inference.MeanField(options));
        for (int j = 0; j < 3; j++)
        {
            double sd = exact.Coefficients[j].StandardDeviation;
            Assert.Equal(exact.Coefficients[j].Mean, model.Coefficients[j].Mean, tolerance * 2 * sd);
            Assert.Equal(1, model.Coefficients[j].StandardDeviation / sd, 2 * tolerance);
        }
        Assert.Equal(exact.LogEvidence, model.LogEvidence, 0.1);
    }

    [Fact]
    public void A_posterior_is_the_next_prior()
    {
        var all = Rows((eta, random) => Math.Floor(Math.Exp(eta) + random.NextDouble()), 0, 200);
        var first = Rows((eta, random) => Math.Floor(Math.Exp(eta) + random.NextDouble()), 0, 100);
        var rest = Rows((eta, random) => Math.Floor(Math.Exp(eta) + random.NextDouble()), 100, 100);
        var options = new BayesianGlmOptions { Family = Families.Poisson };
        var whole = new BayesianGlmFitter(options).Fit(all, TrainingMonitor.None);
        var updated = BayesianGlmFitter.Update(
            Reload(new BayesianGlmFitter(options).Fit(first, TrainingMonitor.None)), rest, Inference.Laplace);
        for (int j = 0; j < 3; j++)
            Assert.Equal(whole.Coefficients[j].Mean, updated.Coefficients[j].Mean, 0.1 * whole.Coefficients[j].StandardDeviation);
    }

    /// <summary>An unknown σ² given the conjugate prior: NUTS finds the Student posterior of the normal-inverse-gamma model's scale.</summary>
    [Fact]
    public void Unknown_dispersion_is_sampled_as_the_conjugate_model_says()
    {
        var design = Rows((eta, random) => eta + 2 * RandomNormal.Draw(random), 0, 60);
        var nuts = new BayesianGlmFitter(new()
        {
            Priors = CoefficientPriors.All(new NormalPrior(0, 1000)),
            Dispersion = DispersionPrior.InverseGamma(2, 3),
            Inference = Inference.Nuts(new() { Warmup = 400, Draws = 800 }),
            Seed = 3,
        }).Fit(design, TrainingMonitor.None);
        var exact = new BayesianLinearFitter(new()
        {
            Inference = LinearInference.NormalInverseGamma(2 - 1.5, 3),     // a flat prior of β costs p/2 degrees
            Priors = CoefficientPriors.All(new FlatPrior()),
        }).Fit(design, TrainingMonitor.None);
        Assert.True(nuts.Diagnostics!.MaximumRHat < 1.02);
        for (int j = 0; j < 3; j++)
        {
            double sd = exact.Coefficients[j].StandardDeviation;
            Assert.Equal(exact.Coefficients[j].Mean, nuts.Coefficients[j].Mean, 0.12 * sd);
            Assert.Equal(1, nuts.Coefficients[j].StandardDeviation / sd, 0.1);
        }
        Assert.Equal(Math.Log(exact.NoiseVariance), nuts.LogDispersion!.Mean, 0.1);
    }

    [Fact]
    public void A_horseshoe_shrinks_noise_and_leaves_signal()
    {
        var random = new Random(2);
        const int n = 80, d = 6;
        double[] x = [.. Enumerable.Range(0, n * d).Select(_ => RandomNormal.Draw(random))];
        double[] y = [.. Enumerable.Range(0, n).Select(i => 2 * x[i * d] + RandomNormal.Draw(random))];
        var model = new BayesianGlmFitter(new()
        {
            Priors = new() { Default = new HorseshoePrior(0.1) },
            Dispersion = DispersionPrior.Fixed(1),
            Inference = Inference.Nuts(new() { Warmup = 400, Draws = 400, TargetAcceptance = 0.95 }),
        }).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        Assert.Equal(2, model.Coefficients[1].Mean, 0.4);
        for (int j = 2; j <= d; j++)
            Assert.True(Math.Abs(model.Coefficients[j].Mean) < 0.15);
    }

    [Fact]
    public void Saved_is_loaded_and_one_seed_gives_one_model()
    {
        var design = Rows((eta, random) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0);
        foreach (var inference in (Inference[])[Inference.Laplace, Inference.Map, Inference.Nuts(new() { Chains = 2, Warmup = 60, Draws = 30 })])
        {
            var one = Fit(design, inference);
            Assert.Equal(Bytes(one), Bytes(Fit(design, inference)));
            Assert.Equal(Bytes(one), Bytes(Reload(one)));
        }
    }

    [Fact]
    public void A_flat_prior_with_separated_classes_is_refused()
    {
        var options = new BayesianGlmOptions { Priors = CoefficientPriors.All(new FlatPrior()) };
        var design = new MatrixDesign([-2, -1, 1, 2], [0, 0, 1, 1], ["x"]);
        var error = Assert.Throws<InvalidOperationException>(
            () => new BayesianGlmFitter(options, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None));
        Assert.Contains("improper", error.Message, StringComparison.Ordinal);
        Assert.True(new BayesianGlmFitter(null, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None).Converged);
    }

    [Fact]
    public void A_flat_prior_with_too_few_rows_is_refused() => Assert.Throws<InvalidOperationException>(
        () => new BayesianGlmFitter(new() { Family = Families.Poisson, Priors = CoefficientPriors.All(new FlatPrior()) })
            .Fit(new MatrixDesign([1, 2, 3, 4], [1, 2], ["a", "b"]), TrainingMonitor.None));

    [Fact]
    public void A_prior_on_a_column_that_is_not_there_is_refused()
    {
        var options = new BayesianGlmOptions { Priors = new() { ByColumn = new Dictionary<string, Prior> { ["c"] = new NormalPrior(0, 1) } } };
        var error = Assert.Throws<InvalidOperationException>(
            () => new BayesianGlmFitter(options).Fit(Rows((eta, _) => eta), TrainingMonitor.None));
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_without_variance_are_refused() => Assert.Throws<InvalidOperationException>(
        () => new BayesianGlmFitter().Fit(new MatrixDesign([1, 2, 3], [4, 4, 4], ["x"]), TrainingMonitor.None));

    [Fact]
    public void Chains_that_diverge_are_flagged()
    {
        var warnings = new List<string>();
        var design = Rows((eta, random) => eta + RandomNormal.Draw(random), 0, 4);
        var model = new BayesianGlmFitter(new()
        {
            Priors = new() { Default = new HorseshoePrior(10), Intercept = new NormalPrior(0, 100) },
            Dispersion = DispersionPrior.HalfCauchy(50),
            Inference = Inference.Nuts(new() { Warmup = 100, Draws = 200, TargetAcceptance = 0.5 }),
        }).Fit(design, new() { Warning = warnings.Add });
        Assert.True(model.Diagnostics!.Divergences > 0);
        Assert.False(model.Converged);
        Assert.Contains(warnings, text => text.Contains("diverged", StringComparison.Ordinal));
    }

    [Fact]
    public void Priors_without_curvature_do_not_go_with_laplace()
    {
        var options = new BayesianGlmOptions { Priors = new() { Default = new LaplacePrior() } };
        Assert.Throws<ArgumentException>(() => new BayesianGlmFitter(options));
    }

    private static BayesianGlmModel Fit(MatrixDesign design, Inference inference) =>
        new BayesianGlmFitter(new() { Inference = inference, Seed = 5 }, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None);

    private static MatrixDesign Rows(Func<double, Random, double> response, int first = 0, int count = 120)
    {
        var random = new Random(6);
        double[] x = new double[2 * count], y = new double[count];
        for (int i = 0; i < first + count; i++)
        {
            double a = RandomNormal.Draw(random), b = 2 + RandomNormal.Draw(random), value = response(0.5 + 0.8 * a - 0.4 * b, random);
            if (i < first)
                continue;
            (x[2 * (i - first)], x[2 * (i - first) + 1], y[i - first]) = (a, b, value);
        }
        return new(x, y, Names);
    }

    private static byte[] Bytes(BayesianGlmModel model)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        model.Write(writer);
        return memory.ToArray();
    }

    private static BayesianGlmModel Reload(BayesianGlmModel model) =>
        BayesianGlmModel.Read(new BinaryReader(new MemoryStream(Bytes(model))));
}
