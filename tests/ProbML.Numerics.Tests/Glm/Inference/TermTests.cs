namespace ProbML.Tests;

/// <summary>Golden numbers: R's drop1 and anova, by golden.R beside this file.</summary>
public sealed class TermTests
{
    [Fact]
    public void Terms_are_read_off_the_features_names()
    {
        var terms = GlmTerm.Of(["age", "race=black", "race=other", "Color.red", "Color.blue", "log.x", "sex=M"]);
        Assert.Equal(["age", "race", "Color", "log.x", "sex"], terms.Select(t => t.Name));
        Assert.Equal(["race=black", "race=other"], terms[1].Features);
    }

    [Theory]
    [InlineData("poisson_log_warpbreaks", new[] { 16.0387525341082, 70.9415705080434 }, new[] { 1, 2 })]
    [InlineData("poisson_log_quine", new[] { 166.8447631649913, 14.4040902894103, 168.3238621347357, 45.7980081151661 }, new[] { 1, 1, 3, 1 })]
    public void Dropping_each_term_agrees_with_R(string id, double[] statistics, int[] df)
    {
        var golden = ReferenceCase.Load(id);
        var dropped = GlmTermTests.DropEach(golden.Design(), golden.Options());
        Assert.Equal(df, dropped.Select(d => d.Test.DegreesOfFreedom));
        for (int k = 0; k < df.Length; k++)
        {
            Assert.Equal(1, dropped[k].Test.Statistic / statistics[k], 1e-9);
            Assert.Equal(ChiSquared.UpperTail(dropped[k].Test.Statistic, df[k]), dropped[k].Test.PValue);
        }
    }

    [Fact]
    public void An_estimated_dispersion_gives_an_F_test_the_square_of_t_in_a_linear_model()
    {
        var design = GlmCases.Log("gaussian", n: 50);
        var model = GlmCases.Fit(design, new());
        var dropped = GlmTermTests.DropEach(design, new());
        for (int j = 0; j < 3; j++)
        {
            var c = model.Coefficients[j + 1];
            Assert.Equal(c.Statistic * c.Statistic, dropped[j].Test.FStatistic, 1e-8);
            Assert.Equal(c.PValue, dropped[j].Test.FPValue, 1e-9);
            Assert.Equal(c.PValue, GlmTermTests.Wald(model, dropped[j].Term).FPValue, 1e-9);
        }
        var gamma = ReferenceCase.Load("gamma_log_clotting");
        var last = GlmTermTests.DropEach(gamma.Design(), gamma.Options())[^1].Test;
        Assert.Equal(0.22461273608267476, last.FStatistic, 1e-8);
        Assert.Equal(0.6428538015301818, last.FPValue, 1e-8);
    }

    [Theory]
    [InlineData("wool", 16.0105263166082), InlineData("tension", 72.2697368561938)]
    public void The_score_test_agrees_with_R(string column, double expected)
    {
        var golden = ReferenceCase.Load("poisson_log_warpbreaks");
        var model = GlmCases.Fit(golden.Design(column), golden.Options());
        var design = golden.Design();
        var found = GlmTermTests.Score(design, model, GlmTerm.Of(design.FeatureNames).Single(t => t.Name == column));
        Assert.Equal(1, found.Statistic / expected, 1e-9);
        Assert.Equal(column == "wool" ? 1 : 2, found.DegreesOfFreedom);
    }

    [Fact]
    public void The_score_test_divides_by_the_smaller_models_dispersion()
    {
        var golden = ReferenceCase.Load("gamma_log_clotting");
        var model = GlmCases.Fit(golden.Design("log_conc_lot2"), golden.Options());
        var found = GlmTermTests.Score(golden.Design(), model, new("both", ["log_conc_lot2"]));
        Assert.Equal(1, found.Statistic * model.Statistics.Dispersion / 0.00601322639109975, 1e-6);
        Assert.True(double.IsFinite(found.FPValue));
    }

    [Theory]
    [InlineData("poisson"), InlineData("gamma"), InlineData("negative-binomial(2)")]
    public void Score_likelihood_ratio_and_Wald_agree_in_large_samples(string family)
    {
        var design = GlmCases.Log(family, n: 20_000);
        var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log };
        var term = new GlmTerm("x3", ["x3"]);
        var ratio = GlmTermTests.DropEach(design, options, terms: [term])[0].Test;
        var score = GlmTermTests.Score(design, GlmCases.Fit(new Fitting.FeatureSubset(design, [0, 1]), options), term);
        var wald = GlmTermTests.Wald(GlmCases.Fit(design, options), term);
        Assert.Equal(1, Math.Sqrt(score.Statistic / ratio.Statistic), 0.02);
        Assert.Equal(1, Math.Sqrt(wald.Statistic / ratio.Statistic), 0.02);
    }

    [Fact]
    public void Added_features_that_depend_on_the_model_count_nothing()
    {
        double[][] rows = [.. Enumerable.Range(0, 60).Select(i => (double[])[i % 9, 1e6 + 2.0 * (i % 9), i % 4])];
        var design = GlmCases.Of(rows, [.. rows.Select((r, i) => (double)(i * 7 % 5))]);
        var options = new GlmOptions { Family = Families.Poisson };
        var model = GlmCases.Fit(new Fitting.FeatureSubset(design, [0]), options);
        Assert.Equal(0, GlmTermTests.Score(design, model, new("a", ["x2"])).DegreesOfFreedom);
        Assert.True(double.IsNaN(GlmTermTests.Score(design, model, new("a", ["x2"])).PValue));
        var both = GlmTermTests.Score(design, model, new("b", ["x2", "x3"]));
        Assert.Equal(1, both.DegreesOfFreedom);
        Assert.Equal(GlmTermTests.Score(design, model, new("c", ["x3"])).Statistic, both.Statistic, 1e-8);
        Assert.Equal(0, GlmTermTests.DropEach(design, options)[1].Test.DegreesOfFreedom);
    }

    [Fact]
    public void Wald_tests_any_linear_hypothesis_with_any_covariance()
    {
        var design = GlmCases.Log("poisson");
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        double difference = model.Coefficients[1].Estimate - model.Coefficients[2].Estimate - 0.5;
        var robust = GlmRobust.Covariance(design, model).Covariance;
        double variance = robust[1, 1] - 2 * robust[1, 2] + robust[2, 2];
        var found = GlmTermTests.Wald(model, new double[,] { { 0, 1, -1, 0 } }, [0.5], robust);
        Assert.Equal(difference * difference / variance, found.Statistic, 1e-8);
        Assert.True(double.IsNaN(found.FStatistic));
        Assert.Throws<ArgumentException>(() => GlmTermTests.Wald(model, new double[1, 3]));
        Assert.Throws<ArgumentException>(() => GlmTermTests.Wald(model, new double[,] { { 0, 1, 0, 0 }, { 0, 2, 0, 0 } }));
        Assert.Throws<ArgumentException>(() => GlmTermTests.Wald(model, new GlmTerm("no", ["no"])));
    }

    [Fact]
    public void What_cannot_be_tested_is_refused()
    {
        var design = GlmCases.Log("poisson", n: 50);
        var options = new GlmOptions { Family = Families.Poisson };
        Assert.Contains("'no'", Assert.Throws<ArgumentException>(
            () => GlmTermTests.DropEach(design, options, terms: [new("t", ["no"])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GlmTermTests.DropEach(design, options with { L2 = 1 }));
        var model = GlmCases.Fit(design, options);
        Assert.Contains("already", Assert.Throws<ArgumentException>(
            () => GlmTermTests.Score(design, model, new("t", ["x1"]))).Message, StringComparison.Ordinal);
    }
}
