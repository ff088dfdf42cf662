namespace ProbML.Tests.BayesianRegression;

/// <summary>Draws against the gold posteriors: within four of both Monte Carlo errors together.</summary>
public sealed class NutsReferenceTests
{
    public static TheoryData<string> Gold => GlmCase.Names("gold");

    [Theory, MemberData(nameof(Gold))]
    public void Draws_agree_with_the_gold_posterior(string id)
    {
        var one = GlmCase.Find(id);
        var gold = one.Case.GetProperty("gold");
        var model = new BayesianGlmFitter(one.Options(Inference.Nuts(new() { Draws = 1000, Warmup = 500 })) with { Seed = 17 }, one.Task)
            .Fit(BayesReference.Train(one.Data), TrainingMonitor.None);
        Assert.Equal(0, model.Diagnostics!.Divergences);
        Assert.True(model.Diagnostics.MaximumRHat < 1.02, $"{model.Diagnostics.MaximumRHat}");
        double[] mean = gold.Vector("mean"), meanError = gold.Vector("mean_mcse"), sd = gold.Vector("sd");
        double[,] draws = model.Draws()!;
        for (int j = 0; j < mean.Length; j++)
        {
            var c = model.Coefficients[j];
            double[][] chains = [.. Enumerable.Range(0, draws.GetLength(0)).Select(s => draws[s, j]).Chunk(1000)];
            double own = c.StandardDeviation / Math.Sqrt(ChainDiagnostics.MeanEffectiveSize(chains));
            Assert.Equal(mean[j], c.Mean, 4 * Math.Sqrt(own * own + meanError[j] * meanError[j]));
            Assert.Equal(sd[j], c.StandardDeviation, 0.12 * sd[j]);
        }
        if (gold.TryGetProperty("predict", out var predict))
        {
            double[] expected = predict.Vector("mean");
            var at = one.Predict(model);
            for (int i = 0; i < at.Length; i++)
                Assert.Equal(expected[i], at[i].Mean, 0.15 * at[i].Epistemic + 4 * predict.Number("mean_mcse_largest"));
        }
    }
}
