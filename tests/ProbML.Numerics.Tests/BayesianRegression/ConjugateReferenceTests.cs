using System.Text.Json;

namespace ProbML.Tests.BayesianRegression;

/// <summary>Normal and normal-inverse-gamma posteriors against 200-bit arithmetic.</summary>
public sealed class ConjugateReferenceTests
{
    private const double Tolerance = 1e-10;

    public static TheoryData<string> Names => BayesReference.Names("linear_conjugate");

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_reference(string name)
    {
        SharedFolder.Require("reference", "bayes");
        var (data, one) = BayesReference.Find("linear_conjugate", name);
        bool isGamma = one.Text("prior") == "normal-inverse-gamma";
        string[] names = [BayesianCoefficient.Intercept, .. data.Texts("columns").Skip(1)];
        double[]? weights = one.TryGetProperty("weights", out _) ? one.Vector("weights") : null;
        var model = new BayesianLinearFitter(new()
        {
            Inference = isGamma
                ? LinearInference.NormalInverseGamma(one.Number("a0"), one.Number("b0"))
                : LinearInference.KnownNoise(one.Number("noise_precision")),
            Priors = CoefficientPriors.From(
                new(names, one.Vector("prior_mean"), one.Matrix(isGamma ? "prior_V" : "prior_cov"))),
            Level = 0.9,
        }).Fit(BayesReference.Train(data, weights), TrainingMonitor.None);

        double factor = isGamma ? 1 / model.NoiseVariance : 1;
        BayesReference.AssertClose(
            one.Vector(isGamma ? "m_N" : "posterior_mean"), [.. model.Coefficients.Select(c => c.Mean)], Tolerance, "mean");
        BayesReference.AssertClose(
            one.Matrix(isGamma ? "V_N" : "posterior_cov").Flat(), [.. model.Covariance.Flat().Select(v => v * factor)], Tolerance, "covariance");
        Assert.Equal(one.Number("log_evidence"), model.LogEvidence, Tolerance * Math.Max(1, Math.Abs(model.LogEvidence)));
        if (isGamma)
        {
            Assert.Equal(2 * one.Number("a_N"), model.DegreesOfFreedom);
            Assert.Equal(one.Number("noise_variance_mean"), model.NoiseVariance, Tolerance);
        }
        AssertPredictions(model, data, one.GetProperty("predict"), isGamma);
    }

    private static void AssertPredictions(BayesianLinearModel model, JsonElement data, JsonElement predict, bool isGamma)
    {
        double[] rows = BayesReference.WithoutOnes(data.Matrix("X_test")), y = data.Vector("y_test");
        int d = model.FeatureCount;
        LinearPredictive[] at = [.. y.Select((_, i) => model.Predict(rows.AsSpan(i * d, d)))];
        BayesReference.AssertClose(predict.Vector(isGamma ? "location" : "mean"), [.. at.Select(p => p.Mean)], Tolerance, "predictive mean");
        BayesReference.AssertClose(predict.Vector("log_density_y"), [.. at.Select((p, i) => p.LogDensity(y[i]))], Tolerance, "log density");
        if (!isGamma)
        {
            BayesReference.AssertClose(predict.Vector("var_f"), [.. at.Select(p => p.LatentSquaredScale)], Tolerance, "latent variance");
            BayesReference.AssertClose(predict.Vector("var_y"), [.. at.Select(p => p.Scale * p.Scale)], Tolerance, "variance");
            return;
        }
        BayesReference.AssertClose(predict.Vector("scale"), [.. at.Select(p => p.Scale)], Tolerance, "scale");
        BayesReference.AssertClose(predict.Vector("sd"), [.. at.Select(p => p.StandardDeviation)], Tolerance, "standard deviation");
        BayesReference.AssertClose(predict.Vector("scale_of_latent"), [.. at.Select(p => Math.Sqrt(p.LatentSquaredScale))], Tolerance, "latent scale");
        foreach (var (field, probability) in ((string, double)[])[("q05_y", 0.05), ("q95_y", 0.95)])
            BayesReference.AssertClose(predict.Vector(field), [.. at.Select(p => p.Quantile(probability))], Tolerance, field);
    }
}
