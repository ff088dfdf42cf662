namespace ProbML.Tests;

public sealed class TweediePowerTests
{
    [Fact]
    public void The_power_that_made_the_data_lies_in_the_interval_and_the_likelihood_falls_on_both_sides()
    {
        var design = GlmCases.Log("tweedie(1.5)", n: 400, d: 2);
        var found = TweediePower.Estimate(design);
        Assert.InRange(1.5, found.Lower, found.Upper);
        Assert.InRange(found.Power, found.Lower, found.Upper);
        Assert.Equal(found.Power, ((TweedieFamily)found.Model.Family).Power);
        double quantile = ChiSquared.Quantile(0.95, 1);
        Assert.Equal(quantile, 2 * (found.LogLikelihood - At(found.Lower)), 0.05);
        Assert.Equal(quantile, 2 * (found.LogLikelihood - At(found.Upper)), 0.05);

        // The likelihood of fixed power on a grid of dispersions, from the density itself.
        double At(double power)
        {
            var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Tweedie(power) });
            var rows = GlmDiagnostics.Rows(design, model).ToList();
            return Enumerable.Range(-30, 61).Max(k => rows.Sum(r => model.Family.LogLikelihood(
                r.Response, MeanPoint.Of(r.Mean), model.Statistics.Dispersion * Math.Exp(0.01 * k), 1)));
        }
    }

    [Fact]
    public void A_penalty_is_refused() => Assert.Throws<ArgumentException>(
        () => TweediePower.Estimate(GlmCases.Log("tweedie(1.5)"), new GlmOptions { L2 = 1 }));
}
