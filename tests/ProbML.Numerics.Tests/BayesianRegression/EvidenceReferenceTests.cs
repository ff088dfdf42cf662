using System.Text.Json;

namespace ProbML.Tests.BayesianRegression;

/// <summary>Precisions by maximum evidence, and automatic relevance determination, against the references.</summary>
public sealed class EvidenceReferenceTests
{
    public static TheoryData<string> Sets => SharedFolder.Path is null
        ? ["no reference results"]
        : [.. BayesReference.Sets("evidence_maximisation").Select(set => set.Text("name"))];

    [Theory, MemberData(nameof(Sets))]
    public void Maximum_evidence_counting_every_row(string set) => Check(set, "evidence_max_n", LinearInference.Evidence(false));

    [Theory, MemberData(nameof(Sets))]
    public void Maximum_evidence_with_the_intercept_integrated_out(string set) =>
        Check(set, "evidence_max_flat_intercept", LinearInference.Evidence());

    /// <summary>Automatic relevance has local optima: this one must be at least as good.</summary>
    [Theory, MemberData(nameof(Sets))]
    public void Automatic_relevance_reaches_at_least_the_reference(string set)
    {
        var (data, results) = Find(set);
        var expected = results.GetProperty("ard");
        var model = Fit(data, LinearInference.AutomaticRelevance(false));
        Assert.True(model.Converged);
        Assert.True(model.LogEvidence >= expected.Number("log_evidence") - 1e-8, $"{model.LogEvidence:R}");
        double[] relevances = [.. model.Coefficients.Skip(1).Select(c => c.PriorPrecision!.Value)];
        double?[] reference = [.. expected.GetProperty("prior_precisions").EnumerateArray()
            .Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble())];
        if (!relevances.Select(double.IsFinite).SequenceEqual(reference.Select(v => v.HasValue)))
            return;
        Assert.Equal(expected.Number("noise_precision"), model.NoisePrecision, 1e-6 * model.NoisePrecision);
        BayesReference.AssertClose(expected.Vector("coef"), [.. model.Coefficients.Skip(1).Select(c => c.Mean)], 1e-6, "coefficients");
        for (int j = 0; j < reference.Length; j++)
            Assert.True(reference[j] is not { } value || Math.Abs(value / relevances[j] - 1) < 1e-4, $"{reference[j]} {relevances[j]}");
        AssertPredictions(model, data, expected.GetProperty("predict"));
    }

    private static void Check(string set, string which, LinearInference inference)
    {
        var (data, results) = Find(set);
        var expected = results.GetProperty(which);
        var model = Fit(data, inference);
        Assert.Equal(1, model.PriorPrecision!.Value / expected.Number("prior_precision"), 1e-6);
        Assert.Equal(1, model.NoisePrecision / expected.Number("noise_precision"), 1e-6);
        Assert.Equal(expected.Number("log_evidence"), model.LogEvidence, 1e-6);
        Assert.Equal(expected.Number("effective_parameters"), model.EffectiveParameters, 1e-6);
        BayesReference.AssertClose(expected.Vector("coef"), [.. model.Coefficients.Skip(1).Select(c => c.Mean)], 1e-8, "coefficients");
        Assert.Equal(expected.Number("intercept"), model.Coefficients[0].Mean, 1e-8);
        double[,] covariance = expected.Matrix("coef_cov");
        int d = covariance.GetLength(0);
        double[] slopes = [.. from i in Enumerable.Range(0, d) from j in Enumerable.Range(0, d) select model.Covariance[i + 1, j + 1]];
        BayesReference.AssertClose(covariance.Flat(), slopes, 1e-8, "covariance");
        AssertPredictions(model, data, expected.GetProperty("predict"));
    }

    private static void AssertPredictions(BayesianLinearModel model, JsonElement data, JsonElement predict)
    {
        double[] rows = BayesReference.Columns(data.Matrix("X_test"), 0), y = data.Vector("y_test");
        int d = model.FeatureCount;
        LinearPredictive[] at = [.. y.Select((_, i) => model.Predict(rows.AsSpan(i * d, d)))];
        BayesReference.AssertClose(predict.Vector("mean"), [.. at.Select(p => p.Mean)], 1e-6, "predictive mean");
        BayesReference.AssertClose(predict.Vector("var_y"), [.. at.Select(p => p.Scale * p.Scale)], 1e-6, "variance");
    }

    private static BayesianLinearModel Fit(JsonElement data, LinearInference inference) =>
        new BayesianLinearFitter(new() { Inference = inference }).Fit(
            new MatrixDesign(BayesReference.Columns(data.Matrix("X_train"), 0), data.Vector("y_train")), TrainingMonitor.None);

    private static (JsonElement Data, JsonElement Results) Find(string set)
    {
        SharedFolder.Require("reference", "bayes");
        var found = BayesReference.Sets("evidence_maximisation").First(one => one.Text("name") == set);
        return (found.GetProperty("data"), found.GetProperty("results"));
    }
}
