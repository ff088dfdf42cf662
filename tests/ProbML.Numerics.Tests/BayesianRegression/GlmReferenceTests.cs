namespace ProbML.Tests.BayesianRegression;

/// <summary>Mode, Laplace, variational and expectation-propagation posteriors against the references, to 1e-8.</summary>
public sealed class GlmReferenceTests
{
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Laplace => GlmCase.Names("laplace");

    public static TheoryData<string> Full => GlmCase.Names("variational_full");

    public static TheoryData<string> Diagonal => GlmCase.Names("variational_mean_field");

    public static TheoryData<string> Propagation => GlmCase.Names("expectation_propagation");

    [Theory, MemberData(nameof(Laplace))]
    public void Laplace_agrees(string id)
    {
        var one = GlmCase.Find(id);
        var expected = one.Case.GetProperty("laplace");
        var model = one.Fit(Inference.Laplace);
        Assert.True(model.Converged);
        BayesReference.AssertClose(expected.Vector("map"), Means(model), Tolerance, "mode");
        BayesReference.AssertClose(expected.Vector("map"), Means(one.Fit(Inference.Map)), Tolerance, "mode alone");
        BayesReference.AssertClose(expected.Matrix("cov").Flat(), model.Covariance.Flat(), Tolerance, "covariance");
        Assert.Equal(expected.Number("log_evidence"), model.LogEvidence, Tolerance * Math.Max(1, Math.Abs(model.LogEvidence)));
        if (!expected.TryGetProperty("predict", out var predict))
            return;
        var at = one.Predict(model);
        double[] offsets = one.Data.TryGetProperty("offset_test", out _) ? one.Data.Vector("offset_test") : new double[at.Length];
        BayesReference.AssertClose(predict.Vector("latent_mean"), [.. at.Select((p, i) => p.LinearPredictor)], Tolerance, "latent mean");
        BayesReference.AssertClose(predict.Vector("latent_var"), [.. at.Select(p => p.LinearPredictorVariance)], Tolerance, "latent variance");
        foreach (string field in (string[])["probability", "mean"])
        {
            if (predict.TryGetProperty(field, out _))
                BayesReference.AssertClose(predict.Vector(field), [.. at.Select(p => p.Mean)], Tolerance, field);
        }
    }

    [Theory, MemberData(nameof(Full))]
    public void Full_rank_variational_agrees(string id)
    {
        var one = GlmCase.Find(id);
        var expected = one.Case.GetProperty("variational_full");
        var model = one.Fit(Inference.Variational());
        Assert.True(model.Converged);
        BayesReference.AssertClose(expected.Vector("mean"), Means(model), Tolerance, "mean");
        BayesReference.AssertClose(expected.Matrix("cov").Flat(), model.Covariance.Flat(), Tolerance, "covariance");
        Assert.Equal(expected.Number("elbo"), model.LogEvidence, Tolerance * Math.Max(1, Math.Abs(model.LogEvidence)));
        if (one.Case.TryGetProperty("gold", out var gold))
            Assert.True(model.LogEvidence <= gold.Number("log_evidence") + 4 * gold.Number("log_evidence_mcse"));
    }

    [Theory, MemberData(nameof(Diagonal))]
    public void Mean_field_variational_agrees(string id)
    {
        var one = GlmCase.Find(id);
        var expected = one.Case.GetProperty("variational_mean_field");
        var model = one.Fit(Inference.MeanField());
        Assert.True(model.Converged);
        BayesReference.AssertClose(expected.Vector("mean"), Means(model), Tolerance, "mean");
        BayesReference.AssertClose(expected.Vector("sd"), [.. model.Coefficients.Select(c => c.StandardDeviation)], Tolerance, "standard deviations");
        Assert.Equal(expected.Number("elbo"), model.LogEvidence, Tolerance * Math.Max(1, Math.Abs(model.LogEvidence)));
    }

    /// <summary>The file's own fixed point was stopped at a site change that it states.</summary>
    [Theory, MemberData(nameof(Propagation))]
    public void Expectation_propagation_agrees(string id)
    {
        var one = GlmCase.Find(id);
        var expected = one.Case.GetProperty("expectation_propagation");
        var model = one.Fit(Inference.ExpectationPropagation);
        Assert.True(model.Converged);
        BayesReference.AssertClose(expected.Vector("mean"), Means(model), Tolerance, "mean");
        BayesReference.AssertClose(expected.Matrix("cov").Flat(), model.Covariance.Flat(), Tolerance, "covariance");
        Assert.Equal(expected.Number("log_evidence"), model.LogEvidence, Tolerance * Math.Max(1, Math.Abs(model.LogEvidence)));
    }

    private static double[] Means(BayesianGlmModel model) => [.. model.Coefficients.Select(c => c.Mean)];
}
