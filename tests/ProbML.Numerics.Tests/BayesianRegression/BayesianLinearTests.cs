namespace ProbML.Tests.BayesianRegression;

/// <summary>Laws of Bayesian linear regression, and what bad input does.</summary>
public sealed class BayesianLinearTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly LinearInference[] Inferences =
    [
        LinearInference.KnownNoise(2),
        LinearInference.NormalInverseGamma(),
        LinearInference.Evidence(),
        LinearInference.AutomaticRelevance(),
    ];

    public static TheoryData<int> Which => [0, 1, 2, 3];

    [Theory, MemberData(nameof(Which))]
    public void New_rows_update_a_saved_model(int which)
    {
        var options = new BayesianLinearOptions { Inference = Inferences[which] };
        var all = new BayesianLinearFitter(options).Fit(Design(0, 700), TrainingMonitor.None);
        var some = Reload(new BayesianLinearFitter(options).Fit(Design(0, 300), TrainingMonitor.None));
        var updated = BayesianLinearFitter.Update(some, Design(300, 400));
        Assert.Equal(all.LogEvidence, updated.LogEvidence, 1e-8);
        Assert.Equal(all.Rows, updated.Rows);
        for (int j = 0; j < all.Coefficients.Count; j++)
        {
            Assert.Equal(all.Coefficients[j].Mean, updated.Coefficients[j].Mean, 1e-10);
            Assert.Equal(all.Coefficients[j].StandardDeviation, updated.Coefficients[j].StandardDeviation, 1e-10);
        }
    }

    /// <summary>The posterior of the first rows, as a prior of the rest, gives the posterior of all.</summary>
    [Fact]
    public void A_posterior_is_the_next_prior()
    {
        var options = new BayesianLinearOptions { Inference = LinearInference.KnownNoise(4) };
        var first = new BayesianLinearFitter(options).Fit(Design(0, 40), TrainingMonitor.None);
        var second = new BayesianLinearFitter(options with { Priors = CoefficientPriors.From(first.ToPrior()) })
            .Fit(Design(40, 60), TrainingMonitor.None);
        var all = new BayesianLinearFitter(options).Fit(Design(0, 100), TrainingMonitor.None);
        BayesReference.AssertClose(all.Covariance.Flat(), second.Covariance.Flat(), 1e-13, "covariance");
        Assert.Equal(all.LogEvidence, first.LogEvidence + second.LogEvidence, 1e-9);
    }

    [Theory, MemberData(nameof(Which))]
    public void Saved_is_loaded_and_threads_do_not_matter(int which)
    {
        var design = Design(0, 3000);
        var one = new BayesianLinearFitter(new() { Inference = Inferences[which], NumberOfThreads = 1 }).Fit(design, TrainingMonitor.None);
        var two = new BayesianLinearFitter(new() { Inference = Inferences[which], NumberOfThreads = 3 }).Fit(design, TrainingMonitor.None);
        Assert.Equal(Bytes(one), Bytes(two));
        Assert.Equal(Bytes(one), Bytes(Reload(one)));
    }

    /// <summary>An origin far from zero loses nothing: each chunk is centred at its own mean.</summary>
    [Fact]
    public void A_far_off_origin_changes_only_the_intercept()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => Math.Round(Math.Sin(i), 3))];
        double[] y = [.. x.Select((v, i) => 2 * v + Math.Cos(i * i))];
        var near = new BayesianLinearFitter().Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        var far = new BayesianLinearFitter().Fit(new MatrixDesign([.. x.Select(v => v + 1e9)], y), TrainingMonitor.None);
        Assert.Equal(near.Coefficients[1].Mean, far.Coefficients[1].Mean, 1e-7);
        Assert.Equal(near.LogEvidence, far.LogEvidence, 1e-5);
    }

    [Fact]
    public void The_two_parts_of_the_spread_add_up()
    {
        foreach (var inference in Inferences)
        {
            var at = new BayesianLinearFitter(new() { Inference = inference }).Fit(Design(0, 30), TrainingMonitor.None).Predict([1, 2, 3]);
            Assert.Equal(at.StandardDeviation, Math.Sqrt(at.Epistemic * at.Epistemic + at.Aleatoric * at.Aleatoric), 1e-12);
            Assert.True(at.Epistemic > 0 && at.Aleatoric > 0);
        }
    }

    [Fact]
    public void Relevance_prunes_noise_and_keeps_signal_where_columns_outnumber_rows()
    {
        var random = new Random(5);
        const int n = 40, d = 120;
        double[] x = [.. Enumerable.Range(0, n * d).Select(_ => RandomNormal.Draw(random))];
        double[] y = [.. Enumerable.Range(0, n).Select(i => 3 * x[i * d + 7] - 2 * x[i * d + 50] + 0.1 * RandomNormal.Draw(random))];
        var model = new BayesianLinearFitter(new() { Inference = LinearInference.AutomaticRelevance() })
            .Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        Assert.False(model.Coefficients[8].IsPruned || model.Coefficients[51].IsPruned);
        Assert.Equal(3, model.Coefficients[8].Mean, 0.15);
        Assert.True(model.Coefficients.Count(c => c.IsPruned) > 80);
    }

    [Fact]
    public void A_prior_on_a_column_that_is_not_there_is_refused()
    {
        var options = new BayesianLinearOptions
        {
            Inference = LinearInference.KnownNoise(1),
            Priors = new() { ByColumn = new Dictionary<string, Prior> { ["age"] = new NormalPrior(0, 1) } },
        };
        var error = Assert.Throws<InvalidOperationException>(
            () => new BayesianLinearFitter(options).Fit(Design(0, 10), TrainingMonitor.None));
        Assert.Contains("'age'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_prior_without_enough_rows_is_refused()
    {
        var options = new BayesianLinearOptions { Inference = LinearInference.KnownNoise(1), Priors = CoefficientPriors.All(new FlatPrior()) };
        var error = Assert.Throws<InvalidOperationException>(
            () => new BayesianLinearFitter(options).Fit(Design(0, 3), TrainingMonitor.None));
        Assert.Contains("improper", error.Message, StringComparison.Ordinal);
        var fitted = new BayesianLinearFitter(options).Fit(Design(0, 50), TrainingMonitor.None);
        Assert.True(double.IsNaN(fitted.LogEvidence));
    }

    [Fact]
    public void Responses_without_variance_are_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new BayesianLinearFitter().Fit(
            new MatrixDesign([1, 2, 3], [5, 5, 5], ["x"]), TrainingMonitor.None));
        Assert.Contains("variance is zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exact_fit_is_flagged()
    {
        var warnings = new List<string>();
        double[] x = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        var model = new BayesianLinearFitter().Fit(
            new MatrixDesign(x, [.. x.Select(v => 2 * v + 1)]), new() { Warning = warnings.Add });
        Assert.False(model.Converged);
        Assert.Contains(warnings, text => text.Contains("exactly", StringComparison.Ordinal));
        Assert.Equal(2, model.Coefficients[1].Mean, 1e-6);
    }

    [Fact]
    public void Priors_do_not_go_with_maximum_evidence() => Assert.Throws<ArgumentException>(
        () => new BayesianLinearFitter(new() { Priors = new() }));

    private static MatrixDesign Design(int first, int count)
    {
        var random = new Random(3);
        double[] x = new double[3 * count], y = new double[count], w = new double[count];
        for (int i = 0; i < first + count; i++)
        {
            double[] row = [RandomNormal.Draw(random), 5 + RandomNormal.Draw(random), 100 * RandomNormal.Draw(random)];
            double weight = 0.5 + random.NextDouble(), value = 1 + row[0] - 0.5 * row[1] + RandomNormal.Draw(random) / Math.Sqrt(weight);
            if (i < first)
                continue;
            row.CopyTo(x, 3 * (i - first));
            (y[i - first], w[i - first]) = (value, weight);
        }
        return new(x, y, Names, w);
    }

    private static byte[] Bytes(BayesianLinearModel model)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        model.Write(writer);
        return memory.ToArray();
    }

    private static BayesianLinearModel Reload(BayesianLinearModel model) =>
        BayesianLinearModel.Read(new BinaryReader(new MemoryStream(Bytes(model))));
}
