using ProbML.GaussianProcesses;
using ProbML.Sharding;

namespace ProbML.Numerics.Tests.Sharding;

/// <summary>Sparse Gaussian processes of shards are those of all their rows in one place.</summary>
public sealed class ShardedProcessTests
{
    private readonly ShardRows rows = ShardRows.Draw((eta, u) => Math.Sin(3 * eta) + 0.2 * NormalDistribution.Quantile(u), weighted: true);

    [Theory, InlineData(SparseApproximation.Variational), InlineData(SparseApproximation.Fitc)]
    public void The_bound_and_its_gradient_are_the_same(SparseApproximation approximation)
    {
        var (whole, sharded) = (rows.Whole, rows.Sharded());
        var process = new SparseProcess
        {
            Kernel = Kernel.Parse("rbf(ard) + white"),
            InducingInputs = InducingInputs.Choose(Inputs(), 20, InducingSelection.KMeans, Kernel.Parse("rbf"), new Random(1)),
            NoiseVariance = 0.3,
            MeanConstant = 0.1,
            Approximation = approximation,
            Jitter = 1e-8,
        };
        SparsePosterior one = SparsePosterior.Condition(process, whole), many = SparsePosterior.Condition(process, sharded);
        AssertClose(one.LogLikelihood, many.LogLikelihood);
        SparseGradient oneGradient = one.Gradient(whole), manyGradient = many.Gradient(sharded);
        AssertClose(oneGradient.LogNoiseVariance, manyGradient.LogNoiseVariance);
        AssertClose(oneGradient.MeanConstant, manyGradient.MeanConstant);
        AssertClose([.. oneGradient.Kernel], [.. manyGradient.Kernel]);
        AssertClose([.. oneGradient.InducingInputs], [.. manyGradient.InducingInputs]);
    }

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(true, true)]
    public void The_model_is_the_same(bool optimize, bool learnt)
    {
        var fitter = new GaussianProcessFitter(new()
        {
            Kernel = Kernel.Parse("matern52(ard)"),
            Optimize = optimize,
            Restarts = 0,
            Inference = new SparseVariationalInference { InducingInputs = 15, LearnInducingInputs = learnt },
        });
        GaussianProcessModel one = fitter.Fit(rows.Whole, TrainingMonitor.None), many = fitter.Fit(rows.Sharded(), TrainingMonitor.None);
        double tolerance = optimize ? 1e-6 : 1e-10;           // of a search: where it stops
        Assert.Equal(one.Summary.LogMarginalLikelihood, many.Summary.LogMarginalLikelihood, tolerance * Math.Abs(one.Summary.LogMarginalLikelihood));
        Assert.Equal(rows.Count, many.Summary.Rows);
        float[] oneScores = ShardRows.Scores(one, rows), manyScores = ShardRows.Scores(many, rows);
        for (int i = 0; i < oneScores.Length; i++)
            Assert.Equal(oneScores[i], manyScores[i], (optimize ? 1e-3 : 1e-6) * Math.Max(1, Math.Abs(oneScores[i])));
    }

    [Fact]
    public void What_reads_rows_says_so()
    {
        foreach (var inference in (GaussianProcessInference[])[GaussianProcessInference.Exact, new StochasticVariationalInference()])
        {
            var fitter = new GaussianProcessFitter(new() { Inference = inference });
            var error = Assert.Throws<NotSupportedException>(() => fitter.Fit(rows.Sharded(), TrainingMonitor.None));
            Assert.Contains("Gaussian processes by SparseVariationalInference", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bad_row_is_named()
    {
        rows.Response[300] = double.NaN;
        var fitter = new GaussianProcessFitter(new() { Inference = new SparseVariationalInference() });
        var error = Assert.Throws<ShardException>(() => fitter.Fit(rows.Sharded(), TrainingMonitor.None));
        Assert.StartsWith("Shard 'part-3': Responses must be finite, but row ", error.Message, StringComparison.Ordinal);
    }

    private InputColumns Inputs()
    {
        var buffer = new RowBuffer(rows.Count, 3);
        using var reader = rows.Whole.OpenReader();
        Assert.True(reader.Read(buffer));
        return InputColumns.FromRows(buffer.Features.AsSpan(0, 3 * rows.Count), 3);
    }

    private static void AssertClose(double[] one, double[] many)
    {
        Assert.Equal(one.Length, many.Length);
        double scale = one.Max(Math.Abs);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], many[i], 1e-10 * scale);
    }

    private static void AssertClose(double one, double many) => Assert.Equal(one, many, 1e-10 * Math.Max(1, Math.Abs(one)));
}
