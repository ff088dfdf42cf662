using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

public sealed class GaussianProcessBadInputTests
{
    private static readonly GaussianProcessOptions Given = new()
    {
        Optimize = false, StandardizeFeatures = false, StandardizeLabel = false,
    };

    [Fact]
    public void Duplicates_without_noise_get_a_jitter_that_is_reported()
    {
        string? warning = null;
        var monitor = new TrainingMonitor { Warning = message => warning = message };
        double[] x = [0, 0.5, 0.5, 1], y = [0, 1, 1, 0];
        var noiseless = GaussianProcessLikelihood.Gaussian(0, isFixed: true);
        var given = new GaussianProcessFitter(Given with { Likelihood = noiseless }).Fit(new MatrixDesign(x, y), monitor);
        Assert.InRange(given.Summary.Jitter, 1e-13, 1e-6);
        Assert.Contains("diagonal: rows repeat", warning);
        var mean = new double[2];
        given.PredictLatent([0.5, 0], mean, default);
        Assert.Equal(1, mean[0], 1e-4);
        warning = null;
        var found = new GaussianProcessFitter(new() { Likelihood = noiseless, Restarts = 0 }).Fit(new MatrixDesign(x, y), monitor);
        Assert.True(found.Summary.Jitter > 0);
        Assert.NotNull(warning);
    }

    [Fact]
    public void A_constant_target_has_no_maximum_but_can_be_conditioned_on()
    {
        double[] x = [1, 2, 3], y = [0.1 + 0.2, 0.3, 0.3];
        var error = Assert.Throws<InvalidOperationException>(() => Fit(new(), x, y));
        Assert.Contains("All 3 responses in 'y' are equal", error.Message);
        Assert.Contains("Optimize", error.Message);
        var mean = new double[1];
        Fit(new() { Optimize = false }, x, y).PredictLatent([7.0], mean, default);
        Assert.Equal(0.3, mean[0], 1e-12);
    }

    [Fact]
    public void One_row_can_be_conditioned_on_but_teaches_no_hyperparameters()
    {
        Assert.Contains("All 1 responses", Assert.Throws<InvalidOperationException>(() => Fit(new(), [1], [2])).Message);
        double[] mean = new double[1], variance = new double[1];
        Fit(Given with { Likelihood = GaussianProcessLikelihood.Gaussian(0.5) }, [1], [2]).PredictLatent([1.0], mean, variance);
        Assert.Equal(2 / 1.5, mean[0], 1e-12);
        Assert.Equal(1 - 1 / 1.5, variance[0], 1e-12);
    }

    [Fact]
    public void No_rows_at_all_are_refused() =>
        Assert.Contains("No valid training instances", Assert.Throws<InvalidOperationException>(
            () => new GaussianProcessFitter().Fit(new MatrixDesign([], [], ["a"]), TrainingMonitor.None)).Message);

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_is_named_by_row_and_column(double value)
    {
        Assert.Contains("row 2 of 'x1'", Assert.Throws<InvalidOperationException>(() => Fit(new(), [1, value, 3], [1, 2, 3])).Message);
        Assert.Contains("row 3 of 'y'", Assert.Throws<InvalidOperationException>(() => Fit(new(), [1, 2, 3], [1, 2, value])).Message);
    }

    [Fact]
    public void Too_many_rows_for_memory_are_counted_and_sent_elsewhere()
    {
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        var error = Assert.Throws<InvalidOperationException>(() => Fit(new() { MemoryLimit = 1_600_000 }, x, x));
        Assert.Contains("500 rows needs 0.004 GB", error.Message);
        Assert.Contains("316 rows fit", error.Message);
        Assert.Contains("SGPR", error.Message);
    }

    [Fact]
    public void A_kernel_that_does_not_go_with_the_features_or_is_unknown_says_so()
    {
        Assert.Contains("feature 4", Assert.Throws<ArgumentException>(
            () => Fit(new() { Kernel = Kernel.Parse("rbf(dims=[4])") }, [1, 2], [1, 2])).Message);
        var error = Assert.Throws<FormatException>(() => Kernel.Parse("rbf + mattern32"));
        Assert.Contains("'mattern32' is no kernel; there are rbf, matern12", error.Message);
        Assert.Contains("at character 7", error.Message);
    }

    [Fact]
    public void Constant_features_are_harmless()
    {
        double[] x = [1, 5, 2, 5, 3, 5, 4, 5], y = [1, 3, 2, 5];
        var model = Fit(new() { Restarts = 0 }, x, y);
        var mean = new double[1];
        model.PredictLatent([2.5, 5], mean, default);
        Assert.True(double.IsFinite(mean[0]));
    }

    [Theory]
    [InlineData(-0.1, false), InlineData(0, false), InlineData(double.NaN, false), InlineData(double.PositiveInfinity, true)]
    public void An_impossible_noise_is_refused(double noise, bool isFixed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianProcessLikelihood.Gaussian(noise, isFixed));

    [Fact]
    public void A_search_without_any_value_says_what_to_do()
    {
        // Values so large that their squares overflow.
        double[] x = [1e200, -1e200, 1e200], y = [1, 2, 3];
        var error = Assert.Throws<InvalidOperationException>(
            () => Fit(new() { Kernel = Kernel.Parse("linear"), StandardizeFeatures = false }, x, y));
        Assert.Contains("not positive definite", error.Message);
    }

    private static GaussianProcessModel Fit(GaussianProcessOptions options, double[] x, double[] y) =>
        new GaussianProcessFitter(options).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
}
