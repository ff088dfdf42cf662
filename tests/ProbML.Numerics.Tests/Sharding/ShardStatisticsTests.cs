using ProbML.Fitting;
using ProbML.GaussianProcesses;
using ProbML.Sharding;

namespace ProbML.Numerics.Tests.Sharding;

/// <summary>Answers of shards add up, in any order and tree.</summary>
public sealed class ShardStatisticsTests
{
    private readonly ShardRows rows = ShardRows.Draw((eta, u) => eta + NormalDistribution.Quantile(u), weighted: true);

    public static TheoryData<string> Models => ["glm", "linear", "classes", "process"];

    [Theory, MemberData(nameof(Models))]
    public void An_engine_that_merges_gives_the_model_of_all_rows(string model)
    {
        var engine = new Engine(model == "classes" ? Classes().Shards() : rows.Shards());
        var design = ShardedDesign.Create([engine]);
        float[] one, many;
        switch (model)
        {
            case "glm":
                (one, many) = Both(new GlmFitter(new()), rows, design);
                break;
            case "linear":
                (one, many) = Both(new BayesianLinearFitter(new()), rows, design);
                break;
            case "classes":
                (one, many) = Both(new OrdinalFitter(["low", "middle", "high"]), Classes(), design);
                break;
            default:
                (one, many) = Both(
                    new GaussianProcessFitter(new()
                    {
                        Kernel = Kernel.Parse("rbf"), Optimize = false, Inference = new SparseVariationalInference { InducingInputs = 12 },
                    }),
                    rows,
                    design);
                break;
        }
        Assert.Equal(rows.Count, design.Rows);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], many[i], 1e-6 * Math.Max(1, Math.Abs(one[i])));
        Assert.True(engine.Largest < 20_000 * Math.Max(1, model == "process" ? 20 : 1), $"an answer of {engine.Largest} bytes");
    }

    [Fact]
    public async Task Merging_is_associative_and_commutative()
    {
        var asked = await Asked();
        foreach (var (question, answers) in asked)
        {
            var (a, b, c) = (Read(question, answers[0]), Read(question, answers[3]), Read(question, answers[4]));
            AssertSame(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
            AssertSame(a.Merge(b), b.Merge(a));
            AssertSame(a, a.Merge(Read(question, answers[1])));              // the shard without rows
            Assert.Equal(a.Rows + b.Rows, a.Merge(b).Rows);
            Assert.Equal(answers[0], a.ToAnswer());
        }
        Assert.True(asked.Count >= 4);
    }

    [Fact]
    public async Task What_does_not_add_up_is_refused()
    {
        var asked = await Asked();
        var (question, answers) = asked[1];
        var first = Read(question, answers[0]);
        var error = Assert.Throws<ArgumentException>(() => first.Merge(Read(asked[2].Question, asked[2].Answers[0])));
        Assert.StartsWith($"Statistics of '{first.Kind}' and ", error.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Read(question, asked[2].Answers[0]));
        byte[] damaged = [.. answers[0]];
        damaged[^40] ^= 1;
        Assert.Throws<FormatException>(() => Read(question, damaged));
        Assert.Throws<FormatException>(() => Read(answers[0], answers[0]));
        Assert.Throws<FormatException>(() => Read([1, 2, 3], answers[0]));

        var names = new MatrixDesign([1, 2], [1, 2], ["z"]);
        byte[] describe = asked[0].Question, other = await new LocalShard("other", names).AskAsync(describe, TestContext.Current.CancellationToken);
        var refused = Assert.Throws<ArgumentException>(() => Read(describe, asked[0].Answers[0]).Merge(Read(describe, other)));
        Assert.StartsWith("The shards have different columns: it has 'z' and it lacks 'a', 'b', 'c'", refused.Message, StringComparison.Ordinal);
    }

    private static ShardStatistics Read(byte[] question, byte[] answer) => ShardStatistics.Read(question, answer, 3);

    /// <summary>The same numbers up to rounding.</summary>
    private static void AssertSame(ShardStatistics one, ShardStatistics other)
    {
        Assert.Equal((one.Kind, one.Rows), (other.Kind, other.Rows));
        if (one.Kind == "describe")
        {
            Assert.Equal(one.ToAnswer(), other.ToAnswer());
            return;
        }
        double[] left = Numbers(one), right = Numbers(other);
        Assert.Equal(left.Length, right.Length);
        double scale = left.Max(Math.Abs);
        for (int i = 0; i < left.Length; i++)
            Assert.Equal(left[i], right[i], 1e-13 * scale);
    }

    private static double[] Numbers(ShardStatistics statistics) => statistics.Sum switch
    {
        ResponseMoments sum => [sum.SumOfWeights, sum.ResponseMean, sum.ResponseSquares, .. sum.Mean, .. sum.Squares],
        LikelihoodSum sum => [sum.Deviance, .. sum.Gradient, .. sum.Information],
        LinearMoments sum => [sum.Count, sum.SumOfWeights, sum.SumOfLogWeights, .. sum.Mean, .. sum.Scatter],
        var sum => throw new NotSupportedException($"{sum}"),
    };

    private static ShardRows Classes() => ShardRows.Draw((eta, u) => Math.Floor(Math.Clamp(eta + 2 * u, 0, 2.9)));

    private static (float[] One, float[] Many) Both<TModel>(IFitter<TModel> fitter, ShardRows rows, Design design)
        where TModel : class, IScoringModel<TModel> =>
        (ShardRows.Scores(fitter.Fit(rows.Whole, TrainingMonitor.None), rows), ShardRows.Scores(fitter.Fit(design, TrainingMonitor.None), rows));

    /// <summary>The questions of a fit, and each shard's answers.</summary>
    private async Task<List<(byte[] Question, byte[][] Answers)>> Asked()
    {
        var engine = new Engine(rows.Shards());
        new GlmFitter(new() { Family = Families.Gaussian, Link = Links.Identity }).Fit(ShardedDesign.Create([engine]), TrainingMonitor.None);
        new BayesianLinearFitter(new()).Fit(ShardedDesign.Create([engine]), TrainingMonitor.None);
        var asked = new List<(byte[], byte[][])>();
        foreach (byte[] question in engine.Questions.DistinctBy(Convert.ToBase64String))
            asked.Add((question, await Task.WhenAll(rows.Shards().Select(shard => shard.AskAsync(question, TestContext.Current.CancellationToken)))));
        return asked;
    }

    /// <summary>A shard that is an engine: it asks its parts, and adds up their answers in an order of its own.</summary>
    private sealed class Engine(IShard[] parts) : IShard
    {
        public List<byte[]> Questions { get; } = [];

        public int Largest { get; private set; }

        public string Name => "engine";

        public async Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default)
        {
            Questions.Add(question);
            byte[][] answers = await Task.WhenAll(parts.Select(part => part.AskAsync(question, cancellation)));
            Largest = answers.Max(answer => answer.Length);
            var statistics = answers.Select(answer => ShardStatistics.Read(question, answer, 3)).Reverse().ToArray();
            return statistics[0].Merge(statistics[1]).Merge(statistics[2].Merge(statistics[3])).Merge(statistics[4]).ToAnswer();
        }
    }
}
