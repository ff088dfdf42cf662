namespace ProbML.Tests;

public sealed class DispersionTests
{
    /// <summary>R's MASS::gamma.shape, by golden.R beside this file.</summary>
    [Fact]
    public void The_gammas_shape_of_largest_likelihood_agrees_with_MASS()
    {
        var golden = ReferenceCase.Load("gamma_log_clotting");
        var model = GlmCases.Fit(golden.Design(), golden.Options() with { Dispersion = GlmDispersion.MaximumLikelihood });
        Assert.Equal(57.17130142995, 1 / model.Statistics.Dispersion, 1e-7);
    }

    [Theory]
    [InlineData("gaussian"), InlineData("gamma"), InlineData("inverse-gaussian")]
    public void Maximum_likelihood_is_where_the_log_density_is_largest(string family)
    {
        var design = GlmCases.Log(family, weights: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = Links.Log, Dispersion = GlmDispersion.MaximumLikelihood };
        var model = GlmCases.Fit(design, options);
        double phi = model.Statistics.Dispersion;
        double middle = Density(phi);
        Assert.True(middle > Density(phi * 1.001) && middle > Density(phi / 1.001));

        double Density(double dispersion) => GlmDiagnostics.Rows(design, model).Sum(
            r => model.Family.LogLikelihood(r.Response, MeanPoint.Of(r.Mean), dispersion / r.Weight, 1));
    }

    [Fact]
    public void The_choice_scales_standard_errors_and_is_saved()
    {
        var design = GlmCases.Log("gamma");
        var options = new GlmOptions { Family = Families.Gamma, Link = Links.Log };
        var pearson = GlmCases.Fit(design, options);
        foreach (var choice in new[] { GlmDispersion.Deviance, GlmDispersion.MaximumLikelihood, GlmDispersion.Fixed(0.4) })
        {
            var model = GlmCases.Fit(design, options with { Dispersion = choice });
            double ratio = Math.Sqrt(model.Statistics.Dispersion / pearson.Statistics.Dispersion);
            Assert.Equal(ratio, model.Coefficients[1].StandardError / pearson.Coefficients[1].StandardError, 1e-10);
            Assert.Equal(choice.Value is not null, model.IsDispersionKnown);
            using var stream = new MemoryStream();
            model.Write(new BinaryWriter(stream));
            stream.Position = 0;
            var loaded = GlmModel.Read(new BinaryReader(stream));
            Assert.Equal(choice, loaded.Options.Dispersion);
            Assert.Equal(model.ToString(), loaded.ToString());
        }
        Assert.Equal(pearson.Statistics.Deviance / 396,
            GlmCases.Fit(design, options with { Dispersion = GlmDispersion.Deviance }).Statistics.Dispersion, 1e-12);
    }

    [Fact]
    public void A_given_dispersion_makes_statistics_normal()
    {
        var design = GlmCases.Log("gaussian", n: 20);
        var model = GlmCases.Fit(design, new GlmOptions { Dispersion = GlmDispersion.Fixed(0.09) });
        var c = model.Coefficients[1];
        Assert.Equal(NormalDistribution.TwoSided(c.Statistic), c.PValue);
        Assert.Equal(c.Estimate + NormalDistribution.Quantile(0.975) * c.StandardError, c.Upper, 1e-12);
        var profile = GlmProfile.Intervals(design, model).Coefficients[1];
        Assert.Equal(c.Lower, profile.Lower, 1e-10);
        Assert.Equal(c.Upper, profile.Upper, 1e-10);
    }

    [Fact]
    public void Choices_that_a_family_does_not_have_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmDispersion.Fixed(0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new GlmFitter(new GlmOptions { Family = Families.Poisson, Dispersion = GlmDispersion.Deviance }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new GlmFitter(new GlmOptions { Family = Families.Tweedie(1.5), Dispersion = GlmDispersion.MaximumLikelihood }));
    }
}
