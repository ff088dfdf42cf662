using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

/// <summary>Bad data and options: the message says what was found, in which column and row, and what to do.</summary>
public sealed class VaeMistakeTests
{
    private static VaeOptions Quick { get; } = new()
    {
        LatentSize = 2,
        Architecture = new MlpArchitecture { Hidden = [4] },
        Training = new() { Epochs = 2, Threads = 1 },
    };

    [Theory]
    [InlineData("bernoulli", 0.5, "Values of a bernoulli column must be 0 or 1, but row 3 of 'b' is 0.5.")]
    [InlineData("bernoulli(bits)", 1.5, "Values of a bernoulli(bits) column must be between 0 and 1, but row 3 of 'b' is 1.5.")]
    [InlineData("poisson", -1, "Values of a poisson column must be 0, 1, 2, …, but row 3 of 'b' is -1.")]
    [InlineData("negative-binomial", 0.5, "Values of a negative-binomial column must be 0, 1, 2, …, but row 3 of 'b' is 0.5.")]
    public void Values_outside_the_support_are_named(string likelihood, double value, string message)
    {
        double[] rows = [.. Enumerable.Range(0, 20).Select(i => (double)(i % 2))];
        rows[5] = value;
        var options = Quick with { Likelihood = Likelihoods.Parse(likelihood) };
        Assert.StartsWith(message, Refused(options, rows, "a", "b"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_levels_at_once_are_named()
    {
        double[] rows = [1, 0, 0, 1, 1, 1, 1, 0];
        var options = Quick with
        {
            ColumnLikelihoods = new Dictionary<string, Likelihood> { ["c"] = Likelihoods.Categorical },
        };
        Assert.StartsWith(
            "Values of a categorical column must be 0 or 1, with at most one 1 in the group, but row 3 of 'c.y' is 1.",
            Refused(options, rows, "c.x", "c.y"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_and_empty_columns_are_refused()
    {
        var options = Quick with
        {
            ColumnLikelihoods = new Dictionary<string, Likelihood> { ["visit"] = Likelihoods.Poisson },
        };
        Assert.StartsWith(
            "A likelihood is given for 'visit', but no feature is called so. The features are visits, b.",
            Refused(options, [1, 2, 3, 4], "visits", "b"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The feature 'b' has no observed value in 2 rows",
            Refused(Quick, [1, double.NaN, 2, double.NaN], "a", "b"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Constant_columns_are_left_out_with_a_warning_and_generated_as_they_were()
    {
        var warnings = new List<string>();
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 1 ? 7.5 : random.NextDouble())];
        var design = MatrixDesign.WithoutResponse(rows, ["a", "same", "b"]);
        using var model = new VaeFitter(Quick).Fit(design, new() { Warning = warnings.Add });
        Assert.Equal(["1 feature does not vary and is left out of the likelihood: 'same'."], warnings);
        double[] sampled = model.Generate(model.SampleLatent(5, random), 5, random);
        for (int i = 0; i < 5; i++)
            Assert.Equal(7.5, sampled[i * 3 + 1]);
        Assert.StartsWith("No feature varies in 2 rows", Refused(Quick, [5, 5], "a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_row_fits_where_its_likelihood_allows()
    {
        Assert.StartsWith("No feature varies in 1 row", Refused(Quick, [5, 3.5], "a", "b"), StringComparison.Ordinal);
        var design = MatrixDesign.WithoutResponse([1, 0, 1], ["a", "b", "c"]);
        using var model = new VaeFitter(Quick).Fit(design, TrainingMonitor.None);
        Assert.Equal(1, model.Receipt.Rows);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_data()
    {
        var options = Quick with { Training = Quick.Training with { BatchSize = 10_000, Epochs = 3 } };
        using var model = new VaeFitter(options).Fit(MixedRows.Design(30), TrainingMonitor.None);
        Assert.Equal(3, model.Receipt.Steps);
    }

    [Fact]
    public void Images_of_another_size_and_mixed_pixels_are_refused()
    {
        var options = Quick with { Architecture = new ConvolutionalArchitecture { Height = 2, Width = 2 } };
        Assert.StartsWith(
            "Images of 1 x 2 x 2 have 4 values, but there are 2 features.",
            Refused(options, [1, 2, 3, 4], "a", "b"),
            StringComparison.Ordinal);
        Assert.Contains(
            "one likelihood for all pixels; found were bernoulli, gaussian",
            Refused(options, [1, 2, 3, 4, 0, 3, 4, 5], "a", "b", "c", "d"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_where_the_fitter_is_made()
    {
        foreach (var (options, name) in new (VaeOptions, string)[]
        {
            (Quick with { LatentSize = 0 }, nameof(VaeOptions.LatentSize)),
            (Quick with { UpperLatentSizes = [0] }, nameof(VaeOptions.UpperLatentSizes)),
            (Quick with { Samples = 0 }, nameof(VaeOptions.Samples)),
            (Quick with { Beta = -1 }, nameof(VaeOptions.Beta)),
            (Quick with { FreeBits = double.NaN }, nameof(VaeOptions.FreeBits)),
            (Quick with { FreeBits = 1, Bound = VaeBound.ImportanceWeighted }, nameof(VaeOptions.FreeBits)),
            (Quick with { KlWarmUp = 1.5 }, nameof(VaeOptions.KlWarmUp)),
            (Quick with { ScoringSamples = 0 }, nameof(VaeOptions.ScoringSamples)),
            (Quick with { Training = new() { Epochs = 0 } }, nameof(TrainingOptions.Epochs)),
            (Quick with { Architecture = new MlpArchitecture { Hidden = [0] } }, nameof(MlpArchitecture.Hidden)),
        })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new VaeFitter(options));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new VaeAnomalyFitter(new() { FalseAlarmRate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Likelihoods.GaussianWith(0));
        Assert.Contains("poisson", Assert.Throws<FormatException>(() => Likelihoods.Parse("weibull")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_device_is_named()
    {
        var options = Quick with { Training = Quick.Training with { Device = TrainingDevice.Cuda(93) } };
        Assert.StartsWith("The device 'cuda:93' was asked for", Refused(options, [0, 1, 1, 0], "a", "b"), StringComparison.Ordinal);
    }

    private static string Refused(VaeOptions options, double[] rows, params string[] names) =>
        Assert.Throws<InvalidOperationException>(
            () => new VaeFitter(options).Fit(MatrixDesign.WithoutResponse(rows, names), TrainingMonitor.None)).Message;
}
