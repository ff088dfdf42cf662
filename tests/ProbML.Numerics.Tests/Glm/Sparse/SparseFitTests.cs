using Xunit;

namespace ProbML.Glm.Sparse;

/// <summary>Sparse rows give the fit that the same rows give when they are dense.</summary>
public sealed class SparseFitTests
{
    public static TheoryData<string, string> Models => new()
    {
        { "gaussian", "identity" }, { "bernoulli", "logit" }, { "bernoulli", "probit" }, { "bernoulli", "cloglog" },
        { "bernoulli", "tanh" }, { "poisson", "log" }, { "poisson", "sqrt" }, { "negative-binomial", "log" },
        { "gamma", "log" }, { "inverse-gaussian", "log" }, { "tweedie", "log" },
    };

    [Theory, MemberData(nameof(Models))]
    public void Sparse_is_dense(string family, string link) =>
        AssertSame(SparseCases.Create(family), Options(family, link));

    [Theory, MemberData(nameof(Models))]
    public void Sparse_is_dense_with_weights_offsets_and_a_ridge(string family, string link) =>
        AssertSame(SparseCases.Create(family, weights: true, offsets: true), Options(family, link) with { L2 = 2 });

    [Fact]
    public void Sparse_is_dense_with_weights_and_offsets() =>
        AssertSame(SparseCases.Create("poisson", weights: true, offsets: true), Options("poisson", "log"));

    [Fact]
    public void Sparse_is_dense_without_an_intercept() =>
        AssertSame(SparseCases.Create("bernoulli"), Options("bernoulli", "logit") with { Intercept = false });

    [Fact]
    public void Sparse_is_dense_where_the_intercept_is_penalised() =>
        AssertSame(SparseCases.Create("poisson"), Options("poisson", "log") with { L2 = 3, PenaliseIntercept = true });

    private static GlmOptions Options(string family, string link) => new()
    {
        Family = family switch
        {
            "tweedie" => Families.Tweedie(1.5),
            _ => Families.Parse(family),
        },
        Link = Links.Parse(link),
    };

    private static void AssertSame(SparseCases cases, GlmOptions options)
    {
        var task = options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        var fitter = new GlmFitter(options, task);
        var dense = fitter.Fit(cases.Dense, TrainingMonitor.None);
        var sparse = fitter.Fit(cases.Sparse, TrainingMonitor.None);
        Assert.False(dense.TakesSparseRows);
        Assert.True(sparse.TakesSparseRows);
        Assert.True(dense.Converged);
        Assert.Equal(dense.Statistics.Status, sparse.Statistics.Status);
        foreach (var (one, other) in dense.Coefficients.Zip(sparse.Coefficients))
        {
            Assert.Equal(one.IsAliased, other.IsAliased);
            Assert.Equal(one.Aliasing, other.Aliasing);
            if (one.IsAliased)
                continue;
            AssertNear(0, (one.Estimate - other.Estimate) / one.StandardError, 1e-8, one.Name);
            AssertNear(one.StandardError, other.StandardError, 1e-8, one.Name);
        }
        var (s, t) = (dense.Statistics, sparse.Statistics);
        AssertNear(s.Deviance, t.Deviance, 1e-10, "deviance");
        AssertNear(s.NullDeviance, t.NullDeviance, 1e-10, "null deviance");
        AssertNear(s.LogLikelihood, t.LogLikelihood, 1e-10, "log-likelihood");
        AssertNear(s.Dispersion, t.Dispersion, 1e-9, "dispersion");
        AssertNear(s.Objective, t.Objective, 1e-10, "objective");
        AssertNear(s.Theta ?? 0, t.Theta ?? 0, 1e-8, "theta");
        AssertNear(s.ThetaStandardError ?? 0, t.ThetaStandardError ?? 0, 1e-8, "its standard error");
        Assert.Equal(s.ParameterCount, t.ParameterCount);
        AssertSame(dense.Covariance, sparse.Covariance);
        if (options.L2 == 0)                              // without the ridge's help the information is singular
        {
            AssertSame(dense.ObservedCovariance, sparse.ObservedCovariance);
            AssertSame(dense.JointCovarianceWithTheta, sparse.JointCovarianceWithTheta);
        }
        int d = cases.Dense.FeatureCount;
        for (int i = 0; i < 20; i++)
        {
            var row = cases.Features.AsSpan(i * d, d);
            var (eta, error) = dense.LinearPredictor(row);
            var (other, otherError) = sparse.LinearPredictor(row);
            AssertNear(0, (eta - other) / error, 1e-8, "eta");
            AssertNear(error, otherError, 1e-8, "its standard error");
        }
    }

    private static void AssertSame(double[,]? one, double[,]? other)
    {
        Assert.Equal(one is null, other is null);
        for (int i = 0; i < one?.GetLength(0); i++)
        {
            for (int j = 0; j < one.GetLength(1); j++)
                AssertNear(0, (one[i, j] - other![i, j]) / Math.Sqrt(one[i, i] * one[j, j]), 1e-8, $"covariance {i}, {j}");
        }
    }

    private static void AssertNear(double expected, double found, double tolerance, string what) =>
        Assert.True(
            Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected)) || expected.Equals(found),
            $"{what}: {expected:R} and {found:R}");
}
