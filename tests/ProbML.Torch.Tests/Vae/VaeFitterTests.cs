using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

public sealed class VaeFitterTests
{
    private static VaeOptions Small { get; } = new()
    {
        LatentSize = 2,
        Architecture = new MlpArchitecture { Hidden = [32] },
        Columns = VaeColumns.Elbo | VaeColumns.LogLikelihood | VaeColumns.ReconstructionError
            | VaeColumns.LatentStandardDeviation,
        FindsCounts = true,
        Training = new() { Epochs = 60, BatchSize = 50, LearningRate = 5e-3, Seed = 4, Threads = 1 },
    };

    [Fact]
    public void Likelihoods_are_found_from_names_and_values()
    {
        var design = MixedRows.Design();
        var (layout, statistics) = LayoutChoice.For(Small, design, TrainingMonitor.None);
        Assert.Equal(
            ["gaussian", "categorical", "categorical", "categorical", "poisson", "bernoulli", "gaussian"],
            layout.ByColumn().Select(likelihood => likelihood.ToString()));
        Assert.Equal([true, true, true, true, true, false, true], statistics.HasMissing);
        Assert.Equal([0, 6], layout.Groups[0].Columns);
    }

    [Fact]
    public void Bound_lies_below_the_likelihood_and_above_independent_columns()
    {
        using var model = new VaeFitter(Small).Fit(MixedRows.Design(), TrainingMonitor.None);
        double[] rows = MixedRows.Draw(300, seed: 9, missing: 0);
        float[] scores = Scores(model, rows);
        int width = scores.Length / 300;
        double elbo = Enumerable.Range(0, 300).Average(i => scores[i * width + 4]);
        double logLikelihood = Enumerable.Range(0, 300).Average(i => scores[i * width + 6]);
        Assert.True(elbo < logLikelihood, $"{elbo} < {logLikelihood}");

        // the likelihood of the same rows under each column's own distribution in training
        var independent = Independent(MixedRows.Draw(2000, seed: 10, missing: 0));
        double alone = Enumerable.Range(0, 300).Average(i => independent(rows.AsSpan(i * 7, 7)));
        Assert.True(logLikelihood > alone + 1, $"{logLikelihood} > {alone}");
    }

    [Fact]
    public void One_seed_gives_the_same_first_weights()
    {
        TorchRuntime.EnsureLoaded();
        var (layout, statistics) = LayoutChoice.For(Small, MixedRows.Design(), TrainingMonitor.None);
        using var one = VaeNetworks.Build(Small, layout, statistics, seed: 5);
        using var other = VaeNetworks.Build(Small, layout, statistics, seed: 5);
        using var third = VaeNetworks.Build(Small, layout, statistics, seed: 6);
        foreach (var ((name, parameter), (_, same), (_, different)) in one.named_parameters()
            .Zip(other.named_parameters(), third.named_parameters()))
        {
            Assert.Equal(parameter.ToSingles(), same.ToSingles());
            if (name.EndsWith("weight", StringComparison.Ordinal))
                Assert.NotEqual(parameter.ToSingles(), different.ToSingles());
        }
    }

    [Fact]
    public void One_seed_gives_one_model_and_saving_keeps_every_bit()
    {
        using var one = new VaeFitter(Small).Fit(MixedRows.Design(), TrainingMonitor.None);
        using var other = new VaeFitter(Small).Fit(MixedRows.Design(), TrainingMonitor.None);
        double[] rows = MixedRows.Draw(20, seed: 3);
        Assert.Equal(Scores(one, rows), Scores(other, rows));
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            one.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        using var read = VaeModel.Read(reader);
        Assert.Equal(Scores(one, rows), Scores(read, rows));
        Assert.Equal(one.Receipt.WithoutTimes().ToJson(), read.Receipt.ToJson());
        Assert.Equal(one.Layout.ByColumn(), read.Layout.ByColumn());
    }

    [Fact]
    public void Scores_of_a_row_do_not_depend_on_the_rows_around_it()
    {
        using var model = new VaeFitter(Small with { Training = Small.Training with { Epochs = 2 } })
            .Fit(MixedRows.Design(), TrainingMonitor.None);
        double[] rows = MixedRows.Draw(200, seed: 3);
        float[] together = Scores(model, rows);
        int width = together.Length / 200;
        for (int i = 0; i < 200; i += 37)
        {
            float[] alone = Scores(model, rows[(i * 7)..(i * 7 + 7)]);
            for (int k = 0; k < width; k++)
                Assert.Equal(together[i * width + k], alone[k], 1e-4f * Math.Max(1, Math.Abs(alone[k])));
        }
    }

    [Fact]
    public void Missing_values_are_imputed_from_the_others()
    {
        using var model = new VaeFitter(Small with { ScoringSamples = 200 }).Fit(MixedRows.Design(), TrainingMonitor.None);
        double[] truth = MixedRows.Draw(200, seed: 12, missing: 0), rows = [.. truth];
        for (int i = 0; i < 200; i++)
            rows[i * 7] = double.NaN;
        var deviations = new double[rows.Length];
        model.Impute(rows, deviations, 200);
        double error = 0, plain = 0, coverage = 0, mean = Enumerable.Range(0, 200).Average(i => truth[i * 7]);
        for (int i = 0; i < 200; i++)
        {
            error += Math.Pow(rows[i * 7] - truth[i * 7], 2);
            plain += Math.Pow(mean - truth[i * 7], 2);
            coverage += Math.Abs(rows[i * 7] - truth[i * 7]) <= 2 * deviations[i * 7] ? 1 : 0;
            Assert.Equal(truth[i * 7 + 6], rows[i * 7 + 6]);
            Assert.Equal(0, deviations[i * 7 + 6]);
        }
        Assert.True(error < 0.3 * plain, $"{error} < {plain}");
        Assert.InRange(coverage / 200, 0.85, 1);
    }

    public static TheoryData<string> Ways => [.. Variants.Keys];

    private static Dictionary<string, VaeOptions> Variants { get; } = new()
    {
        ["importance-weighted"] = Small with { Bound = VaeBound.ImportanceWeighted, Samples = 5 },
        ["several draws"] = Small with { Samples = 3 },
        ["full covariance"] = Small with { Posterior = PosteriorCovariance.Full },
        ["two stochastic layers"] = Small with { LatentSize = 3, UpperLatentSizes = [2], UpperHidden = [16] },
        ["free bits, warm-up"] = Small with { FreeBits = 0.05, KlWarmUp = 0.3, Beta = 1.1 },
        ["averaged weights, 64 bits"] = Small with
        {
            Training = Small.Training with { AverageDecay = 0.99, Precision = TrainingPrecision.DoublePrecision },
        },
    };

    [Theory, MemberData(nameof(Ways))]
    public void Every_way_of_training_beats_independent_columns(string way)
    {
        using var model = new VaeFitter(Variants[way]).Fit(MixedRows.Design(), TrainingMonitor.None);
        double[] rows = MixedRows.Draw(300, seed: 9, missing: 0);
        float[] scores = Scores(model, rows);
        int width = scores.Length / 300;
        var independent = Independent(MixedRows.Draw(2000, seed: 10, missing: 0));
        double alone = Enumerable.Range(0, 300).Average(i => independent(rows.AsSpan(i * 7, 7)));
        double logLikelihood = Enumerable.Range(0, 300).Average(i => scores[i * width + width - 1]);
        Assert.True(logLikelihood > alone + 1, $"{logLikelihood} > {alone}");
    }

    [Fact]
    public void Anomalies_score_higher_and_false_alarms_come_as_often_as_asked()
    {
        var options = new VaeAnomalyOptions
        {
            Autoencoder = Small with { Training = Small.Training with { ValidationFraction = 0.3 } },
            FalseAlarmRate = 0.1,
        };
        using var model = new VaeAnomalyFitter(options).Fit(MixedRows.Design(1000), TrainingMonitor.None);
        double[] usual = MixedRows.Draw(1000, seed: 31), odd = MixedRows.Draw(200, seed: 32, missing: 0);
        for (int i = 0; i < 200; i++)
            odd[i * 7] = 340 - odd[i * 7];                    // tall rows with a light weight
        float[] calm = new float[1000], loud = new float[200];
        model.Score(new(1000, 7, usual), new(calm, 1));
        model.Score(new(200, 7, odd), new(loud, 1));
        Assert.InRange(calm.Count(score => score > model.Threshold) / 1000.0, 0.04, 0.16);
        Assert.True(loud.Average() > calm.Average() + 2, $"{loud.Average()} and {calm.Average()}");

        odd[4] = -1;                                          // no count
        odd[12] = double.PositiveInfinity;
        odd[14] = 1e300;                                      // beyond Single
        odd[21] = 1e15;                                       // whose exponential is
        model.Score(new(4, 7, odd.AsSpan(0, 28)), new(loud.AsSpan(0, 4), 1));
        Assert.Equal(float.PositiveInfinity, loud[0]);
        Assert.True(float.IsNaN(loud[1]));
        Assert.Equal(float.PositiveInfinity, loud[2]);
        Assert.True(loud[3] > 1e6f, $"{loud[3]}");
    }

    private static float[] Scores(VaeModel model, double[] rows)
    {
        int n = rows.Length / model.FeatureCount, width = model.Outputs.Sum(column => column.Width);
        var scores = new float[n * width];
        model.Score(new(n, model.FeatureCount, rows), new(scores, width));
        return scores;
    }

    private static Func<ReadOnlySpan<double>, double> Independent(double[] rows)
    {
        int n = rows.Length / 7;
        double[] mean = new double[7], variance = new double[7];
        for (int j = 0; j < 7; j++)
        {
            mean[j] = Enumerable.Range(0, n).Average(i => rows[i * 7 + j]);
            variance[j] = Enumerable.Range(0, n).Average(i => Math.Pow(rows[i * 7 + j] - mean[j], 2));
        }
        return row =>
        {
            double sum = 0;
            foreach (int j in new[] { 0, 6 })
                sum -= 0.5 * (Math.Pow(row[j] - mean[j], 2) / variance[j] + Math.Log(2 * Math.PI * variance[j]));
            for (int j = 1; j < 4; j++)
                sum += row[j] * Math.Log(mean[j]);
            sum += row[5] * Math.Log(mean[5]) + (1 - row[5]) * Math.Log(1 - mean[5]);
            return sum + row[4] * Math.Log(mean[4]) - mean[4] - GammaFunctions.LogGamma(row[4] + 1);
        };
    }
}
