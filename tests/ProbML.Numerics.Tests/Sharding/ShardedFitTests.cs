using ProbML.Sharding;

namespace ProbML.Numerics.Tests.Sharding;

/// <summary>Shards give the model of all their rows in one place.</summary>
public sealed class ShardedFitTests
{
    private const double Tolerance = 1e-10;

    private static readonly Dictionary<string, Func<double, double, double>> Responses = new()
    {
        ["gaussian"] = (eta, u) => eta + NormalDistribution.Quantile(u),
        ["bernoulli"] = (eta, u) => u < 1 / (1 + Math.Exp(-eta)) ? 1 : 0,
        ["poisson"] = (eta, u) => Count(Families.Poisson, eta, u),
        ["negative-binomial"] = (eta, u) => Count(Families.NegativeBinomial(2), eta, u),
        ["gamma"] = (eta, u) => Families.Gamma.Quantile(u, Math.Exp(eta), 0.5),
        ["inverse-gaussian"] = (eta, u) => Families.InverseGaussian.Quantile(u, Math.Exp(eta), 0.5),
        ["tweedie(1.5)"] = (eta, u) => u < 0.2 ? 0 : Families.Gamma.Quantile((u - 0.2) / 0.8, Math.Exp(eta), 0.5),
    };

    public static TheoryData<string, string> Glms => new()
    {
        { "gaussian", "identity" },
        { "bernoulli", "logit" }, { "bernoulli", "probit" }, { "bernoulli", "cloglog" }, { "bernoulli", "cauchit" },
        { "poisson", "log" }, { "poisson", "sqrt" },
        { "negative-binomial", "log" }, { "negative-binomial(2)", "log" },
        { "gamma", "log" }, { "inverse-gaussian", "log" }, { "tweedie(1.5)", "log" },
    };

    [Theory, MemberData(nameof(Glms))]
    public void Generalized_linear_models_are_the_same(string family, string link)
    {
        foreach (bool weighted in (bool[])[false, true])
        {
            var rows = ShardRows.Draw(Responses[family.Split("(2)")[0]], weighted);
            var fitter = new GlmFitter(
                new() { Family = Families.Parse(family), Link = Links.Parse(link) },
                family == "bernoulli" ? PredictionTask.BinaryClassification : PredictionTask.Regression);
            GlmModel one = fitter.Fit(rows.Whole, TrainingMonitor.None), many = fitter.Fit(rows.Sharded(), TrainingMonitor.None);
            AssertSame(one.Coefficients, many.Coefficients);
            AssertClose(one.Statistics.Deviance, many.Statistics.Deviance);
            AssertClose(one.Statistics.NullDeviance, many.Statistics.NullDeviance);
            AssertClose(one.Statistics.LogLikelihood, many.Statistics.LogLikelihood);
            AssertClose(one.Statistics.PearsonChiSquared, many.Statistics.PearsonChiSquared);
            Assert.Equal((one.Statistics.Rows, one.Statistics.Rank), (many.Statistics.Rows, many.Statistics.Rank));
        }
    }

    [Fact]
    public void Models_of_classes_and_of_limits_are_the_same()
    {
        var classes = ShardRows.Draw((eta, u) => Math.Floor(Math.Clamp(eta + 2 * u, 0, 2.9)));
        AssertSame<MultinomialModel>(new MultinomialFitter(["low", "middle", "high"]), classes, model => model.Coefficients);
        AssertSame<OrdinalModel>(new OrdinalFitter(["low", "middle", "high"]), classes, model => model.Coefficients);
        var limited = ShardRows.Draw((eta, u) => Math.Max(0.5, eta + NormalDistribution.Quantile(u)));
        AssertSame<TobitModel>(new TobitFitter(new() { Lower = 0.5 }), limited, model => model.Coefficients);
    }

    [Fact]
    public void Bayesian_models_are_the_same()
    {
        var numbers = ShardRows.Draw(Responses["gaussian"], weighted: true);
        foreach (var inference in (LinearInference[])[LinearInference.Evidence(), LinearInference.AutomaticRelevance(), LinearInference.NormalInverseGamma(2, 1)])
        {
            var fitter = new BayesianLinearFitter(new() { Inference = inference });
            AssertScoresTheSame(fitter, numbers);
        }
        var counts = ShardRows.Draw(Responses["poisson"]);
        foreach (var inference in (Inference[])[Inference.Laplace, Inference.Variational()])
            AssertScoresTheSame(new BayesianGlmFitter(new() { Family = Families.Poisson, Inference = inference }), counts);
    }

    [Fact]
    public void A_tree_of_coordinators_gives_the_same()
    {
        var rows = ShardRows.Draw(Responses["poisson"]);
        var shards = rows.Shards();
        var tree = ShardedDesign.Create(
            [new LocalShard("left", ShardedDesign.Create(shards[..2])), new LocalShard("right", ShardedDesign.Create(shards[2..]))]);
        Assert.Equal(rows.Count, tree.Rows);
        var fitter = new GlmFitter(new() { Family = Families.Poisson });
        AssertSame(
            fitter.Fit(rows.Whole, TrainingMonitor.None).Coefficients, fitter.Fit(tree, TrainingMonitor.None).Coefficients);
    }

    [Fact]
    public void The_order_of_shards_matters_to_rounding_alone()
    {
        var rows = ShardRows.Draw(Responses["bernoulli"]);
        var fitter = new GlmFitter(new(), PredictionTask.BinaryClassification);
        AssertSame(
            fitter.Fit(rows.Sharded(), TrainingMonitor.None).Coefficients,
            fitter.Fit(ShardedDesign.Create([.. rows.Shards().Reverse()]), TrainingMonitor.None).Coefficients);
    }

    [Fact]
    public void Penalties_aliased_columns_and_robust_dispersions_are_the_same()
    {
        var rows = ShardRows.Draw(Responses["gamma"]);
        foreach (var options in (GlmOptions[])
            [
                new() { Family = Families.Gamma, Link = Links.Log, L2 = 3 },
                new() { Family = Families.Gamma, Link = Links.Log, L1 = 2 },
                new() { Family = Families.Gamma, Link = Links.Log, Dispersion = GlmDispersion.Deviance },
                new() { Family = Families.Gamma, Link = Links.Reciprocal, Intercept = false },
            ])
            AssertSame<GlmModel>(new GlmFitter(options), rows, model => model.Coefficients);
    }

    private static double Count(IFamily family, double eta, double u) => family.Quantile(u, Math.Exp(eta), 1);

    private static void AssertSame<TModel>(IFitter<TModel> fitter, ShardRows rows, Func<TModel, IReadOnlyList<GlmCoefficient>> coefficients)
        where TModel : class, IScoringModel<TModel> => AssertSame(
            coefficients(fitter.Fit(rows.Whole, TrainingMonitor.None)), coefficients(fitter.Fit(rows.Sharded(), TrainingMonitor.None)));

    private static void AssertSame(IReadOnlyList<GlmCoefficient> one, IReadOnlyList<GlmCoefficient> many)
    {
        Assert.Equal(one.Select(c => c.Name), many.Select(c => c.Name));
        foreach (var (a, b) in one.Zip(many))
        {
            AssertClose(a.Estimate, b.Estimate, double.IsNaN(a.StandardError) ? 1 : a.StandardError);
            AssertClose(a.StandardError, b.StandardError);
        }
    }

    private static void AssertScoresTheSame<TModel>(IFitter<TModel> fitter, ShardRows rows)
        where TModel : class, IScoringModel<TModel>
    {
        float[] one = ShardRows.Scores(fitter.Fit(rows.Whole, TrainingMonitor.None), rows), many = ShardRows.Scores(fitter.Fit(rows.Sharded(), TrainingMonitor.None), rows);
        Assert.Equal(one.Length, many.Length);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], many[i], 1e-6 * Math.Max(1, Math.Abs(one[i])));      // columns are Single
    }

    private static void AssertClose(double one, double many, double scale = 0) => Assert.True(
        one.Equals(many) || Math.Abs(one - many) <= Tolerance * Math.Max(Math.Abs(one), scale), $"{one:R} and {many:R}");
}
