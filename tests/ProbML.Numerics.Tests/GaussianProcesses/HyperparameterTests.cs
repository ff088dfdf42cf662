using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

public sealed class HyperparameterTests
{
    public static TheoryData<string, double, double> Priors => new()
    {
        { "normal(1, 2)", 0.3, double.NegativeInfinity },
        { "lognormal(0.5, 0.7)", 1.3, 0 },
        { "gamma(2, 0.5)", 3, 0 },
        { "inversegamma(3, 2)", 0.8, 0 },
    };

    [Theory, MemberData(nameof(Priors))]
    public void A_prior_is_a_density_with_the_slope_it_says(string text, double at, double lower)
    {
        var prior = HyperparameterPrior.Parse(text);
        Assert.Equal(prior, HyperparameterPrior.Parse(prior.ToString()));
        const double step = 1e-5;
        Assert.Equal((prior.LogDensity(at + step) - prior.LogDensity(at - step)) / (2 * step), prior.Slope(at), 1e-7);
        // ∫ p by substitution: θ = e^u for positive ones, θ = u else; the trapezoidal rule converges exponentially.
        double sum = 0;
        const double h = 0.01;
        for (double u = -40; u <= 40; u += h)
            sum += h * (lower == 0 ? Math.Exp(prior.LogDensity(Math.Exp(u)) + u) : Math.Exp(prior.LogDensity(u)));
        Assert.Equal(1, sum, 1e-10);
    }

    [Theory, InlineData("gama(1, 2)"), InlineData("gamma(1)"), InlineData("gamma(1, -2)"), InlineData("gamma 1, 2")]
    public void A_prior_that_cannot_be_read_says_what_there_is(string text) =>
        Assert.Contains("inversegamma(shape, scale)", Assert.Throws<FormatException>(() => HyperparameterPrior.Parse(text)).Message);

    [Fact]
    public void Rules_go_by_the_most_particular_name()
    {
        var rules = new HyperparameterRules
        {
            Bounds = new Dictionary<string, HyperparameterBounds>
            {
                ["lengthscale"] = new(0.1, 10), ["parts[1].lengthscale"] = new(0.2, 20), ["parts[1].lengthscale[1]"] = new(3, 3),
            },
            Fixed = ["noise_variance"],
        };
        var kernel = Kernel.Parse("rbf(lengthscale=50) + rbf(ard)").ForFeatures(2);
        var space = new HyperparameterSpace(kernel, [Hyperparameter.Noise(0.1, 1, false)], rules, (1, 1), 1);
        Assert.Equal(Math.Log(10), space.Upper[space.Find("parts[0].lengthscale")], 1e-12);
        Assert.Equal(Math.Log(10), space.Start[space.Find("parts[0].lengthscale")], 1e-12);
        Assert.Equal(Math.Log(20), space.Upper[space.Find("parts[1].lengthscale[0]")], 1e-12);
        Assert.Equal(Math.Log(3), space.Lower[space.Find("parts[1].lengthscale[1]")], 1e-12);
        Assert.Equal(space.Lower[^1], space.Upper[^1]);
        Assert.Equal(0.1, space.Other(space.Start, 0));
        var wrong = rules with { Fixed = ["lenghtscale"] };
        var error = Assert.Throws<ArgumentException>(
            () => new HyperparameterSpace(kernel, [Hyperparameter.Noise(0.1, 1, false)], wrong, (1, 1), 1));
        Assert.Contains("'lenghtscale'; there are parts[0].variance", error.Message);
    }
}
