namespace ProbML.Tests.BayesianRegression;

/// <summary>ln p(yᵢ | θₛ), draw by draw and row by row.</summary>
public sealed class LogLikelihoodTests
{
    private static readonly double[] X = [0.2, -1, 1.5, 0.4, -0.7, 2], Y = [1, 0, 4, 2, 0, 3], Weights = [1, 2, 1, 0, 1, 0.5], Offsets = [0, 0.3, 0, 0, -0.2, 0];

    private static MatrixDesign Design => new(X, Y, weights: Weights, offsets: Offsets);

    [Theory]
    [InlineData(60, 1), InlineData(20, 3), InlineData(1000, 1)]
    public void Each_row_under_each_draw_kept(int most, int stride)
    {
        var model = new BayesianGlmFitter(new()
        {
            Family = Families.Poisson,
            Inference = Inference.Nuts(new() { Chains = 2, Warmup = 50, Draws = 30 }),
            Seed = 3,
        }).Fit(Design, TrainingMonitor.None);
        var found = model.LogLikelihoods(Design, most);
        double[,] draws = model.Draws()!;
        int[] rows = [0, 1, 2, 4, 5];                          // a row of weight zero is none
        Assert.Equal((60 / stride, rows.Length), (found.Draws, found.Rows));
        for (int s = 0; s < found.Draws; s++)
        {
            for (int k = 0; k < rows.Length; k++)
            {
                int i = rows[k];
                double mean = Math.Exp(draws[s * stride, 0] + draws[s * stride, 1] * X[i] + Offsets[i]);
                double expected = Weights[i] * (Y[i] * Math.Log(mean) - mean - GammaFunctions.LogGamma(Y[i] + 1));
                Assert.Equal(expected, found.Row(k)[s], 1e-10 * (1 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void A_normal_posterior_is_drawn_from_alike_each_time()
    {
        var model = new BayesianGlmFitter(new() { Family = Families.Poisson }).Fit(Design, TrainingMonitor.None);
        var once = model.LogLikelihoods(Design, 4000);
        var again = model.LogLikelihoods(Design, 4000);
        double sum = 0, squares = 0, expected = 0;
        for (int s = 0; s < 4000; s++)
        {
            Assert.Equal(once.Row(0)[s], again.Row(0)[s]);
            sum += once.Row(0)[s] / 4000;
            squares += once.Row(0)[s] * once.Row(0)[s] / 4000;
        }
        var (eta, variance) = (model.Predict([X[0]]).LinearPredictor, model.Predict([X[0]]).LinearPredictorVariance);
        expected = Y[0] * eta - Math.Exp(eta + variance / 2) - GammaFunctions.LogGamma(Y[0] + 1);       // E of a log-normal
        Assert.Equal(expected, sum, 4 * Math.Sqrt((squares - sum * sum) / 4000));
    }

    [Fact]
    public void A_mode_alone_has_no_draws()
    {
        var model = new BayesianGlmFitter(new() { Family = Families.Poisson, Inference = Inference.Map }).Fit(Design, TrainingMonitor.None);
        Assert.Contains("Inference.Laplace", Assert.Throws<InvalidOperationException>(() => model.LogLikelihoods(Design)).Message, StringComparison.Ordinal);
    }
}
