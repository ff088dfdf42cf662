using System.Text.Json;

namespace ProbML.Tests.BayesianRegression;

/// <summary>One case of the Bayesian GLM references: its model, priors and rows.</summary>
internal sealed record GlmCase(JsonElement Data, JsonElement Case)
{
    public static TheoryData<string> Names(string block) => SharedFolder.Path is null
        ? ["no reference results"]
        : [.. BayesReference.Cases("glm").Where(one => one.Case.TryGetProperty(block, out _)).Select(one => one.Case.Text("id"))];

    public static GlmCase Find(string id)
    {
        SharedFolder.Require("reference", "bayes");
        return BayesReference.Cases("glm").Where(one => one.Case.Text("id") == id).Select(one => new GlmCase(one.Data, one.Case)).First();
    }

    public PredictionTask Task => Case.Text("family").StartsWith("bernoulli", StringComparison.Ordinal)
        ? PredictionTask.BinaryClassification
        : PredictionTask.Regression;

    public BayesianGlmOptions Options(Inference inference)
    {
        double[] sd = Case.Vector("prior_sd");
        string[] names = [.. Data.Texts("columns").Skip(1)];
        var (family, link, dispersion) = Case.Text("family") switch
        {
            "bernoulli_logit" => ((IFamily)Families.Bernoulli, (ILinkFunction)Links.Logit, (DispersionPrior?)null),
            "bernoulli_probit" => (Families.Bernoulli, Links.Probit, null),
            "poisson_log" => (Families.Poisson, Links.Log, null),
            "negbin_log" => (Families.NegativeBinomial(Case.Number("known_parameter")), Links.Log, null),
            "gamma_log" => (Families.Gamma, Links.Log, DispersionPrior.Fixed(1 / Case.Number("known_parameter"))),
            var other => throw new InvalidOperationException(other),
        };
        return new()
        {
            Family = family,
            Link = link,
            Dispersion = dispersion,
            Inference = inference,
            Priors = new()
            {
                Intercept = new NormalPrior(0, sd[0]),
                ByColumn = names.Select((name, j) => (name, j)).ToDictionary(pair => pair.name, pair => (Prior)new NormalPrior(0, sd[pair.j + 1])),
            },
        };
    }

    public BayesianGlmModel Fit(Inference inference) =>
        new BayesianGlmFitter(Options(inference), Task).Fit(BayesReference.Train(Data), TrainingMonitor.None);

    public PredictiveDistribution[] Predict(BayesianGlmModel model)
    {
        double[] rows = BayesReference.WithoutOnes(Data.Matrix("X_test"));
        double[] offsets = Data.TryGetProperty("offset_test", out _) ? Data.Vector("offset_test") : new double[Data.Vector("y_test").Length];
        int d = model.FeatureCount;
        return [.. offsets.Select((offset, i) => model.Predict(rows.AsSpan(i * d, d), offset))];
    }
}
