using ProbML.GaussianProcesses;

namespace ProbML.Tests;

/// <summary>What a long fit tells of its end: counts that rise to their total, and the time left.</summary>
public sealed class TrainingProgressTests
{
    [Fact]
    public void The_time_left_is_that_of_the_pace_so_far()
    {
        var progress = new TrainingProgress("NUTS", 3, 0, 0, TimeSpan.FromSeconds(30)) { Completed = 3, Total = 12 };
        Assert.Equal(0.25, progress.Share);
        Assert.Equal(TimeSpan.FromSeconds(90), progress.Remaining);
        Assert.Equal(TimeSpan.Zero, (progress with { Completed = 12 }).Remaining);
        Assert.Null((progress with { Completed = 0 }).Remaining);
        Assert.Null((progress with { Total = null }).Share);
        Assert.Null((progress with { Total = null }).Remaining);
        Assert.Null((progress with { Total = 0 }).Share);
        Assert.Null(default(TrainingProgress).Remaining);
    }

    public static TheoryData<string, long> Fits => new()
    {
        { "nuts", 3 * (60 + 40) },
        { "path", 20 },
        { "cross-validated path", 20 },
        { "restarts", 4 },
        { "stochastic", 50 },
        { "flow", 50 },
    };

    [Theory, MemberData(nameof(Fits))]
    public void Counts_rise_to_their_total(string fit, long total)
    {
        var told = new List<TrainingProgress>();
        Fit(fit, new() { Progress = new Listener(told.Add) });
        var counted = told.Where(one => one.Total is not null).ToList();
        Assert.NotEmpty(counted);
        Assert.All(counted, one => Assert.Equal(total, one.Total));
        Assert.Equal(counted.Select(one => one.Completed).Order(), counted.Select(one => one.Completed));
        Assert.Equal(counted.Select(one => one.Elapsed).Order(), counted.Select(one => one.Elapsed));
        Assert.Equal(total, counted[^1].Completed);
        Assert.Equal(TimeSpan.Zero, counted[^1].Remaining);
    }

    [Theory, MemberData(nameof(Fits))]
    public void Cancelled_halfway_it_ends(string fit, long total)
    {
        using var source = new CancellationTokenSource();
        long last = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(fit, new()
        {
            Cancellation = source.Token,
            Progress = new Listener(one =>
            {
                last = Math.Max(last, one.Completed);
                if (one.Completed >= total / 2)
                    source.Cancel();
            }),
        }));
        Assert.InRange(last, total / 2, total - 1);
    }

    private static void Fit(string fit, TrainingMonitor monitor)
    {
        var counts = GlmCases.Log("poisson", n: 120);
        Inference? inference = fit switch
        {
            "nuts" => Inference.Nuts(new() { Chains = 3, Warmup = 60, Draws = 40 }),
            "stochastic" => Inference.Variational(new() { Steps = 50, Gradient = VariationalGradient.ScoreFunction }),
            "flow" => Inference.NormalizingFlow(new() { Steps = 50 }),
            _ => null,
        };
        if (inference is not null)
            new BayesianGlmFitter(new() { Family = Families.Poisson, Inference = inference }).Fit(counts, monitor);
        else if (fit == "restarts")
            new GaussianProcessFitter(new() { Kernel = Kernel.Parse("rbf"), Restarts = 3 }).Fit(Smooth(), monitor);
        else
            PathCases.Fit(
                counts, new() { Family = Families.Poisson }, new() { LambdaCount = 20, StopEarly = false, Folds = fit == "path" ? null : 4 }, monitor);
    }

    private static MatrixDesign Smooth()
    {
        double[][] rows = [.. Enumerable.Range(0, 25).Select(i => new[] { i / 4.0 })];
        return GlmCases.Of(rows, [.. rows.Select((row, i) => Math.Sin(row[0]) + (0.1 * Math.Cos(37 * i)))]);
    }

    private sealed class Listener(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
