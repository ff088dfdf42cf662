namespace ProbML.Tests;

public sealed class DeltaTests
{
    [Fact]
    public void Of_a_coefficient_it_is_the_Wald_interval_and_of_its_exponential_the_rule()
    {
        var model = GlmCases.Fit(GlmCases.Log("gamma"), new GlmOptions { Family = Families.Gamma, Link = Links.Log });
        var c = model.Coefficients[2];
        var itself = GlmDelta.Interval(model, b => b[2]);
        Assert.Equal(c.Estimate, itself.Estimate, 1e-14);
        Assert.Equal(c.Lower, itself.Lower, 1e-9);
        Assert.Equal(c.Upper, itself.Upper, 1e-9);
        var ratio = GlmDelta.Interval(model, b => Math.Exp(b[2]));
        Assert.Equal(Math.Exp(c.Estimate) * c.StandardError, ratio.StandardError, 1e-10);
    }

    [Fact]
    public void The_point_where_a_probability_is_a_half_has_Fiellers_first_order_error()
    {
        var model = GlmCases.Fit(GlmCases.Binary(), new GlmOptions { Family = Families.Bernoulli });
        var v = model.Covariance;
        double a = model.Coefficients[0].Estimate, b = model.Coefficients[1].Estimate, r = -a / b;
        double variance = (v[0, 0] + 2 * r * v[0, 1] + r * r * v[1, 1]) / (b * b);
        var found = GlmDelta.Interval(model, c => -c[0] / c[1], 0.9);
        Assert.Equal(Math.Sqrt(variance), found.StandardError, 1e-10);
        Assert.Equal(r + NormalDistribution.Quantile(0.95) * Math.Sqrt(variance), found.Upper, 1e-9);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var model = GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson });
        Assert.Throws<ArgumentException>(() => GlmDelta.Interval(model, b => double.NaN));
        Assert.Throws<ArgumentException>(() => GlmDelta.Interval(model, b => b[0], covariance: new double[2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmDelta.Interval(model, b => b[0], 0));
    }
}
