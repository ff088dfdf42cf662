namespace ProbML.Tests;

/// <summary>Every prediction is a distribution: its interval, its density, its standard deviation.</summary>
public sealed class GlmPredictionTests
{
    public static TheoryData<string> RegressionFamilies => [.. GlmCases.RegressionFamilies];

    [Fact]
    public void A_linear_model_gives_the_textbook_prediction_interval()
    {
        // By hand: x = 1..5, y = 1, 3, 2, 5, 4; slope 0.8, intercept 0.6, s² = 3.6 / 3; t(0.975, 3) = 3.182446305284263.
        var model = GlmCases.Fit(GlmCases.Of([[1], [2], [3], [4], [5]], [1, 3, 2, 5, 4]), new GlmOptions());
        float[] row = Score(model, [6], y: 5.4);
        double variance = 1.2, leverage = 1 / 5.0 + 9 / 10.0, half = 3.182446305284263 * Math.Sqrt(variance * (1 + leverage));
        Assert.Equal(5.4, row[GlmColumns.Score], 1e-6);
        Assert.Equal(Math.Sqrt(variance * leverage), row[GlmColumns.StandardError], 1e-6);
        Assert.Equal(Math.Sqrt(variance * (1 + leverage)), row[GlmColumns.StandardDeviation], 1e-6);
        Assert.Equal(5.4 - half, row[GlmColumns.Lower], 1e-5);
        Assert.Equal(5.4 + half, row[GlmColumns.Upper], 1e-5);
        // Student's t with 3 degrees of freedom at its centre: 2 / (π√3).
        Assert.Equal(Math.Log(2 / (Math.PI * Math.Sqrt(3)) / Math.Sqrt(variance * (1 + leverage))), row[GlmColumns.LogDensity], 1e-6);
    }

    [Theory, MemberData(nameof(RegressionFamilies))]
    public void The_interval_holds_its_level_of_the_predictive_distribution(string family)
    {
        var model = GlmCases.Fit(GlmCases.Log(family, n: 60), new GlmOptions { Family = Families.Parse(family), Link = Links.Log, Level = 0.9 });
        double[] x = [0.3, -0.2, 0.8];
        float[] row = Score(model, x);
        var (mass, below, above) = (0.0, 0.0, 0.0);
        double step = model.Family.IsDiscrete ? 1 : 0.01, first = model.Family is GaussianFamily ? -10 : 0;
        for (double y = model.Family.IsDiscrete ? 0 : first + step / 2; y < 60; y += step)
        {
            double p = step * Math.Exp(LogDensity(model, x, y));
            mass += p;
            if (y < row[GlmColumns.Lower])
                below += p;
            if (y > row[GlmColumns.Upper])
                above += p;
        }
        if (model.Family is TweedieFamily)
            mass += Math.Exp(LogDensity(model, x, 0));     // the atom at zero, which can be the whole lower tail
        Assert.Equal(1, mass, 2e-3);
        Assert.InRange(below, model.Family.IsDiscrete || row[GlmColumns.Lower] == 0 ? 0 : 0.048, 0.052);
        Assert.InRange(above, model.Family.IsDiscrete ? 0 : 0.048, 0.052);
    }

    [Theory, MemberData(nameof(RegressionFamilies))]
    public void Ninety_percent_intervals_cover_about_ninety_percent_of_new_observations(string family)
    {
        // The response's randomness is fixed by the seed; the seven families give between 4 and 5 thousand new rows each.
        int covered = 0, total = 0;
        bool discrete = false;
        for (int seed = 1; seed <= 5; seed++)
        {
            var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log, Level = 0.9 };
            var model = GlmCases.Fit(GlmCases.Log(family, n: 500, seed: seed), options);
            discrete = model.Family.IsDiscrete;
            var fresh = new RowBuffer(900, 3);
            using var reader = GlmCases.Log(family, n: 900, seed: 1_000 + seed).OpenReader();
            reader.Read(fresh);
            var outputs = new float[900 * model.Outputs.Count];
            model.Score(fresh.Block, new OutputBlock(outputs, model.Outputs.Count));
            for (int i = 0; i < 900; i++)
            {
                var row = outputs.AsSpan(i * model.Outputs.Count);
                total++;
                covered += fresh.Response[i] >= row[GlmColumns.Lower] && fresh.Response[i] <= row[GlmColumns.Upper] ? 1 : 0;
            }
        }
        double share = covered / (double)total;
        Assert.True(share >= 0.88 && (discrete || family.StartsWith('t') || share <= 0.92), $"{share:P1} of {total}");
    }

    [Theory]
    [InlineData("logit"), InlineData("probit"), InlineData("cloglog"), InlineData("loglog"), InlineData("cauchit"), InlineData("tanh")]
    public void Two_classes_have_probabilities_that_add_up_and_an_interval_about_them(string link)
    {
        var options = new GlmOptions { Family = Families.Bernoulli, Link = Links.Parse(link), Level = 0.8 };
        var model = GlmCases.Fit(GlmCases.Binary(), options);
        foreach (double[] x in (double[][])[[0.5, -1], [-2, 2], [2, -2], [0, 0]])
        {
            float[] yes = Score(model, x, 1), no = Score(model, x, 0);
            Assert.Equal(1, Math.Exp(yes[GlmColumns.LogDensity]) + Math.Exp(no[GlmColumns.LogDensity]), 1e-6);
            Assert.InRange(yes[GlmColumns.Probability], yes[GlmColumns.ProbabilityLower], yes[GlmColumns.ProbabilityUpper]);
            double z = NormalDistribution.Quantile(0.9);
            var (eta, error) = model.LinearPredictor(x);
            Assert.Equal(eta, yes[GlmColumns.Score], 1e-6);
            Assert.Equal(model.Link.Inverse(eta + z * error).Mean, yes[GlmColumns.ProbabilityUpper], 1e-6);
        }
    }

    [Fact]
    public void Rows_at_once_are_scored_as_rows_alone()
    {
        var model = GlmCases.Fit(GlmCases.Log("negative-binomial", offsets: true), new GlmOptions { Family = Families.NegativeBinomial() });
        var buffer = new RowBuffer(300, 3);
        using var reader = GlmCases.Log("negative-binomial", n: 300, seed: 99, offsets: true).OpenReader();
        reader.Read(buffer);
        int k = model.Outputs.Count;
        var together = new float[300 * k];
        model.Score(buffer.Block, new OutputBlock(together, k));
        for (int i = 0; i < 300; i++)
            Assert.Equal(
                Score(model, buffer.Block.Row(i).ToArray(), buffer.Response[i], buffer.Offsets[i]), together.AsSpan(i * k, k).ToArray());
    }

    [Fact]
    public void A_feature_that_is_not_a_number_gives_no_number()
    {
        var model = GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson });
        Assert.All(Score(model, [0.1, double.NaN, 0.2], 3), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Without_a_label_there_is_no_log_density_and_an_impossible_label_has_none_left()
    {
        var model = GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson });
        Assert.True(float.IsNaN(Score(model, [0, 0, 0])[GlmColumns.LogDensity]));
        Assert.Equal(float.NegativeInfinity, Score(model, [0, 0, 0], -1)[GlmColumns.LogDensity]);
    }

    [Fact]
    public void Another_level_changes_the_intervals_alone()
    {
        var model = GlmCases.Fit(GlmCases.Log("gamma"), new GlmOptions { Family = Families.Gamma, Link = Links.Log });
        float[] wide = Score(model, [0, 0, 0], 1), narrow = Score(model.WithLevel(0.5), [0, 0, 0], 1);
        Assert.True(narrow[GlmColumns.Lower] > wide[GlmColumns.Lower] && narrow[GlmColumns.Upper] < wide[GlmColumns.Upper]);
        Assert.Equal(wide[..4], narrow[..4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.WithLevel(1));
    }

    [Fact]
    public void A_mean_outside_the_links_domain_is_not_a_number()
    {
        var model = GlmCases.Fit(
            GlmCases.Of([[1], [2], [3], [4], [5]], [1, 0.6, 0.35, 0.24, 0.2]), new GlmOptions { Family = Families.Gamma });
        Assert.True(float.IsNaN(Score(model, [-5])[GlmColumns.Score]));
    }

    private static double LogDensity(GlmModel model, double[] x, double y)
    {
        Span<float> outputs = stackalloc float[6];
        model.Score(
            new RowBlock(1, x.Length, x, [y]), new OutputBlock(outputs, 6, [false, true, false, false, false, false]));
        return outputs[GlmColumns.LogDensity];
    }

    private static float[] Score(GlmModel model, double[] x, double y = double.NaN, double offset = 0)
    {
        var outputs = new float[model.Outputs.Count];
        model.Score(new RowBlock(1, x.Length, x, [y], offsets: [offset]), new OutputBlock(outputs, outputs.Length));
        return outputs;
    }
}
