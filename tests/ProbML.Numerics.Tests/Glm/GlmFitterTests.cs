namespace ProbML.Tests;

public sealed class GlmFitterTests
{
    public static TheoryData<string> RegressionFamilies => [.. GlmCases.RegressionFamilies];

    [Theory, MemberData(nameof(RegressionFamilies))]
    public void The_number_of_threads_does_not_change_a_bit(string family)
    {
        var design = GlmCases.Log(family, n: 9_000, weights: true, offsets: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log };
        byte[] one = Saved(GlmCases.Fit(design, options with { NumberOfThreads = 1 }));
        byte[] many = Saved(GlmCases.Fit(design, options with { NumberOfThreads = 5 }));
        Assert.Equal(one, many);
    }

    [Theory, MemberData(nameof(RegressionFamilies))]
    public void Saved_is_loaded_bit_for_bit(string family)
    {
        var model = GlmCases.Fit(GlmCases.Log(family), new GlmOptions { Family = Families.Parse(family), Link = Links.Log, Level = 0.9 });
        byte[] bytes = Saved(model);
        var loaded = GlmModel.Read(new BinaryReader(new MemoryStream(bytes)));
        Assert.Equal(bytes, Saved(loaded));
        Assert.Equal(model.ToString(), loaded.ToString());
        Assert.Equal(0.9, loaded.Level);
    }

    [Theory]
    [InlineData("poisson"), InlineData("negative-binomial"), InlineData("negative-binomial(2)")]
    public void A_count_of_equal_rows_may_be_given_as_their_weight(string family)
    {
        var single = GlmCases.Log(family, n: 200, weights: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log };
        var weighted = GlmCases.Fit(single, options);
        var repeated = GlmCases.Fit(Repeat(single), options);
        for (int j = 0; j < weighted.Coefficients.Count; j++)
        {
            Assert.Equal(repeated.Coefficients[j].Estimate, weighted.Coefficients[j].Estimate, 1e-9);
            Assert.Equal(repeated.Coefficients[j].StandardError, weighted.Coefficients[j].StandardError, 1e-9);
        }
        Assert.Equal(repeated.Statistics.LogLikelihood, weighted.Statistics.LogLikelihood, 1e-8);
    }

    /// <summary>From 200,000 rows on a fit starts from a coarse one to the first rows; half as many of weight two do not.</summary>
    [Theory]
    [InlineData("poisson", false), InlineData("poisson", true), InlineData("negative-binomial", false), InlineData("bernoulli", false), InlineData("bernoulli", true)]
    public void A_large_design_has_the_same_optimum_from_whichever_start(string family, bool sorted)
    {
        int n = 100_000;
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 2 * n).Select(_ => random.NextDouble())], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            double eta = x[2 * i] - 0.5 * x[2 * i + 1];
            y[i] = family == "bernoulli" ? (random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0)
                : Families.Poisson.Quantile(random.NextDouble(), Math.Exp(eta) * (family == "poisson" ? 1 : 0.2 + 1.6 * random.NextDouble()), 1);
        }
        int[] order = [.. Enumerable.Range(0, n)];
        if (sorted)
            Array.Sort(order, (i, j) => y[i].CompareTo(y[j]));
        double[] half = [.. order.SelectMany(i => (double[])[x[2 * i], x[2 * i + 1]])], labels = [.. order.Select(i => y[i])];
        double[] twos = new double[n];
        Array.Fill(twos, 2);
        var options = new GlmOptions { Family = Families.Parse(family) };
        var once = GlmCases.Fit(new MatrixDesign(half, labels, weights: twos), options);
        var twice = GlmCases.Fit(new MatrixDesign([.. half, .. half], [.. labels, .. labels]), options);
        Assert.True(twice.Converged);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(once.Coefficients[j].Estimate, twice.Coefficients[j].Estimate, 1e-10);
            Assert.Equal(once.Coefficients[j].StandardError, twice.Coefficients[j].StandardError, 1e-12);
        }
        Assert.True(sorted || twice.Statistics.Iterations < once.Statistics.Iterations);
    }

    [Fact]
    public void A_weight_of_zero_leaves_a_row_out()
    {
        var design = GlmCases.Of([[1], [2], [3], [4], [1000]], [1, 3, 2, 5, -1000], [1, 1, 1, 1, 0]);
        var without = GlmCases.Of([[1], [2], [3], [4]], [1, 3, 2, 5]);
        var (with, less) = (GlmCases.Fit(design, new()), GlmCases.Fit(without, new()));
        Assert.Equal(less.Coefficients[1].Estimate, with.Coefficients[1].Estimate, 1e-12);
        Assert.Equal(less.Coefficients[1].StandardError, with.Coefficients[1].StandardError, 1e-12);
        Assert.Equal(5, with.Statistics.Rows);
        Assert.Equal(4, with.Statistics.PositiveRows);
    }

    [Theory]
    [InlineData("poisson"), InlineData("bernoulli"), InlineData("gaussian")]
    public void A_row_of_weight_zero_may_lie_anywhere(string family)
    {
        double[][] rows = [[0], [1], [2], [3], [4], [1e6]];
        double[] y = family == "bernoulli" ? [0, 1, 0, 1, 1, 0] : [1, 3, 2, 5, 9, 1];
        var options = new GlmOptions { Family = Families.Parse(family) };
        var with = GlmCases.Fit(GlmCases.Of(rows, y, [1, 1, 1, 1, 1, 0]), options);
        var without = GlmCases.Fit(GlmCases.Of(rows[..5], y[..5]), options);
        Assert.True(with.Converged);
        Assert.Equal(without.Coefficients[1].Estimate, with.Coefficients[1].Estimate, 1e-9);
        Assert.Equal(without.Statistics.Deviance, with.Statistics.Deviance, 1e-9);
    }

    [Theory]
    [InlineData(1e-6, 0), InlineData(1e9, 0), InlineData(1, 1e9), InlineData(1e-3, -1e5)]
    public void Units_and_origin_of_a_feature_do_not_matter(double scale, double origin)
    {
        var random = new Random(5);
        double[][] plain = [.. Enumerable.Range(0, 300).Select(_ => (double[])[random.Next(1000) / 8.0, random.NextDouble()])];
        double[] y = [.. plain.Select(row => (double)Families.Poisson.Quantile(random.NextDouble(), Math.Exp(0.01 * row[0] + row[1]), 1))];
        var options = new GlmOptions { Family = Families.Poisson };
        var there = GlmCases.Fit(GlmCases.Of(plain, y), options);
        var here = GlmCases.Fit(GlmCases.Of([.. plain.Select(row => (double[])[row[0] * scale + origin, row[1]])], y), options);
        Assert.True(here.Converged);
        Assert.Equal(1, here.Coefficients[1].Estimate * scale / there.Coefficients[1].Estimate, 1e-8);
        Assert.Equal(1, here.Coefficients[1].StandardError * scale / there.Coefficients[1].StandardError, 1e-8);
        Assert.Equal(there.Coefficients[2].Estimate, here.Coefficients[2].Estimate, 1e-8);
        Assert.Equal(there.Statistics.Deviance, here.Statistics.Deviance, 1e-8);
    }

    [Fact]
    public void The_posterior_mode_is_a_stationary_point_of_the_stated_objective()
    {
        var design = GlmCases.Binary();
        var options = new GlmOptions { Family = Families.Bernoulli, L2 = 3, PenaliseIntercept = true };
        var model = GlmCases.Fit(design, options);
        double[] b = [.. model.Coefficients.Select(c => c.Estimate)];
        double best = Objective(design, b, 3);
        Assert.Equal(best, model.Statistics.Objective, 1e-9);
        for (int j = 0; j < b.Length; j++)
        {
            double[] up = [.. b], down = [.. b];
            (up[j], down[j]) = (b[j] + 1e-5, b[j] - 1e-5);
            Assert.Equal(0, (Objective(design, up, 3) - Objective(design, down, 3)) / 2e-5, 1e-6);
        }
    }

    [Fact]
    public void A_lasso_strong_enough_sets_all_but_the_intercept_to_zero()
    {
        var model = GlmCases.Fit(GlmCases.Binary(), new GlmOptions { Family = Families.Bernoulli, L1 = 1e4 });
        Assert.All(model.Coefficients.Skip(1), c => Assert.Equal(0, c.Estimate));
        Assert.True(model.Converged);
        Assert.True(double.IsNaN(model.Coefficients[1].StandardError));
    }

    [Theory]
    [InlineData("bernoulli", PredictionTask.BinaryClassification), InlineData("poisson", PredictionTask.Regression)]
    public void A_lasso_does_not_know_its_standard_errors_and_says_so(string family, PredictionTask task)
    {
        var design = family == "poisson" ? GlmCases.Log("poisson", n: 200, seed: 1) : GlmCases.Binary();
        var model = new GlmFitter(new GlmOptions { Family = Families.Parse(family), L1 = 1 }, task).Fit(design, TrainingMonitor.None);
        Assert.All(model.Coefficients, c => Assert.True(double.IsNaN(c.StandardError) && double.IsNaN(c.PValue)));
        Assert.True(double.IsNaN(model.LinearPredictor(new double[model.FeatureCount]).StandardError));
        Assert.Contains("NA", model.ToString(), StringComparison.Ordinal);
        var row = new float[model.Outputs.Count];
        model.Score(new RowBlock(1, model.FeatureCount, new double[model.FeatureCount], [1]), new OutputBlock(row, row.Length));
        string[] unknown = [.. model.Outputs.Zip(row).Where(pair => float.IsNaN(pair.Second)).Select(pair => pair.First.Name)];
        Assert.Equal(
            task == PredictionTask.Regression
                ? [ColumnNames.ScoreStandardError]
                : [ColumnNames.ScoreStandardError, ColumnNames.ProbabilityLowerBound, ColumnNames.ProbabilityUpperBound],
            unknown);
    }

    [Theory]
    [InlineData(3), InlineData(11)]
    public void Given_theta_equals_the_estimated_one_at_its_value(int seed)
    {
        var design = GlmCases.Log("negative-binomial", n: 1_000, seed: seed);
        var free = GlmCases.Fit(design, new GlmOptions { Family = Families.NegativeBinomial() });
        var held = GlmCases.Fit(design, new GlmOptions { Family = Families.NegativeBinomial(free.Statistics.Theta!.Value) });
        Assert.Equal(held.Statistics.LogLikelihood, free.Statistics.LogLikelihood, 1e-9);
        Assert.Equal(held.Coefficients[1].Estimate, free.Coefficients[1].Estimate, 1e-9);
        Assert.Null(held.Statistics.ThetaStandardError);
    }

    [Fact]
    public void Cancelling_a_fit_throws_and_progress_is_told_before()
    {
        using var source = new CancellationTokenSource();
        var seen = new List<TrainingProgress>();
        var monitor = new TrainingMonitor
        {
            Cancellation = source.Token,
            Progress = new Listener(p =>
            {
                seen.Add(p);
                source.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(
            () => new GlmFitter(new() { Family = Families.Poisson }).Fit(GlmCases.Log("poisson"), monitor));
        Assert.Single(seen);
        Assert.Equal(1, seen[0].Iteration);
    }

    [Fact]
    public void A_fit_that_stops_early_says_so_and_still_gives_its_model()
    {
        var warnings = new List<string>();
        var model = GlmCases.Fit(
            GlmCases.Log("gamma"), new GlmOptions { Family = Families.Gamma, Link = Links.Log, MaximumIterations = 1 }, warnings.Add);
        Assert.False(model.Converged);
        Assert.Contains("did not converge", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("NOT CONVERGED", model.ToString(), StringComparison.Ordinal);
    }

    private static double Objective(MatrixDesign design, double[] b, double l2)
    {
        var buffer = new RowBuffer(1_000, 2);
        using var reader = design.OpenReader();
        reader.Read(buffer);
        double sum = 0.5 * l2 * b.Sum(x => x * x);
        for (int i = 0; i < buffer.Count; i++)
        {
            double eta = b[0] + b[1] * buffer.Features[2 * i] + b[2] * buffer.Features[2 * i + 1];
            sum += Math.Log(1 + Math.Exp(buffer.Response[i] == 1 ? -eta : eta));
        }
        return sum;
    }

    private static MatrixDesign Repeat(MatrixDesign design)
    {
        var buffer = new RowBuffer(10_000, design.FeatureCount);
        using var reader = design.OpenReader();
        reader.Read(buffer);
        var rows = Enumerable.Range(0, buffer.Count).SelectMany(i => Enumerable.Repeat(i, (int)buffer.Weights[i])).ToList();
        return GlmCases.Of([.. rows.Select(i => buffer.Block.Row(i).ToArray())], [.. rows.Select(i => buffer.Response[i])]);
    }

    private static byte[] Saved(GlmModel model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        model.Write(writer);
        return stream.ToArray();
    }

    private sealed class Listener(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
