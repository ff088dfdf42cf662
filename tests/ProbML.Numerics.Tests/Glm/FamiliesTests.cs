using CsCheck;
using static ProbML.Numerics.Tests.Distributions.Near;

namespace ProbML.Numerics.Tests.Glm;

/// <summary>The laws of an exponential-dispersion family, each over every family.</summary>
public class FamiliesTests
{
    private const double Dispersion = 0.7;

    public static TheoryData<string> All =>
    [
        "gaussian", "bernoulli", "poisson", "gamma", "inverse-gaussian", "tweedie(1.1)", "tweedie(1.5)", "tweedie(1.9)",
        "negative-binomial(0.4)", "negative-binomial(1.27)", "negative-binomial(300)",
    ];

    [Theory, MemberData(nameof(All))]
    public void Variance_is_two_over_the_curvature_of_the_deviance(string name)
    {
        var family = Families.Parse(name);
        Means(name).Sample(mean =>
        {
            double h = 1e-4 * mean * (name == "bernoulli" ? 1 - mean : 1);
            double above = family.UnitDeviance(mean, At(mean + h)), below = family.UnitDeviance(mean, At(mean - h));
            double curvature = (above + below) / (h * h);
            AssertClose(family.UnitVariance(At(mean)), 2 / curvature, 1e-6);
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Variance_slope_is_the_derivative_of_the_variance(string name)
    {
        var family = Families.Parse(name);
        Means(name).Sample(mean =>
        {
            double h = 1e-4 * mean;
            double slope = (family.UnitVariance(At(mean + h)) - family.UnitVariance(At(mean - h))) / (2 * h);
            AssertClose(family.UnitVarianceSlope(At(mean)), slope, 1e-6, 1e-8);
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Deviance_is_twice_the_loss_of_log_likelihood(string name)
    {
        var family = Families.Parse(name);
        double phi = family.EstimatesDispersion ? Dispersion : 1;
        Gen.Select(Responses(name), Means(name)).Sample((y, mean) =>
        {
            double best = y == 0 && name != "gaussian" ? 0 : family.LogLikelihood(y, At(y), phi, 1);
            double loss = best - family.LogLikelihood(y, At(mean), phi, 1);
            AssertClose(family.UnitDeviance(y, At(mean)), 2 * phi * loss, 1e-11, 1e-11 * (1 + Math.Abs(best)));
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Deviance_keeps_its_digits_near_the_mean(string name)
    {
        var family = Families.Parse(name);
        Gen.Select(Means(name), Gen.Double[-18, -12].Select(Math.Exp)).Sample((mean, relative) =>
        {
            double y = mean * (1 + relative), variance = family.UnitVariance(At(mean));
            double leading = (y - mean) * (y - mean) / variance;
            AssertClose(leading, family.UnitDeviance(y, At(mean)), 100 * relative);
            Assert.Equal(0, family.UnitDeviance(mean, At(mean)));
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Weights_act_as_in_R(string name)
    {
        var family = Families.Parse(name);
        bool divides = name is "gaussian" || name.StartsWith("tweedie", StringComparison.Ordinal);
        Gen.Select(Responses(name), Means(name), Gen.Double[0.2, 5]).Sample((y, mean, weight) =>
        {
            double weighted = family.LogLikelihood(y, At(mean), Dispersion, weight);
            double expected = divides
                ? family.LogLikelihood(y, At(mean), Dispersion / weight, 1)
                : weight * family.LogLikelihood(y, At(mean), Dispersion, 1);
            AssertClose(expected, weighted, 1e-12, 1e-12);
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Density_has_total_one_mean_mu_and_variance_phi_V(string name)
    {
        var family = Families.Parse(name);
        double phi = family.EstimatesDispersion ? Dispersion : 1, mean = name == "bernoulli" ? 0.3 : 2.5;
        double[] moments = new double[3];
        foreach (var (y, mass) in Masses(family, mean, phi))
        {
            for (int k = 0; k < 3; k++) moments[k] += mass * Math.Pow(y, k);
        }
        AssertClose(1, moments[0], 1e-9);
        AssertClose(mean, moments[1], 1e-9);
        AssertClose(phi * family.UnitVariance(At(mean)), moments[2] - moments[1] * moments[1], 1e-8);
    }

    [Theory, MemberData(nameof(All))]
    public void Cumulative_probability_sums_the_density(string name)
    {
        var family = Families.Parse(name);
        double phi = family.EstimatesDispersion ? Dispersion : 1, mean = name == "bernoulli" ? 0.3 : 2.5, sum = 0;
        double previous = 0;
        foreach (var (y, mass) in Masses(family, mean, phi))
        {
            // A trapezoid's two halves lie on both sides of y; a probability lies at y.
            double whole = family.IsDiscrete || y == 0 ? mass : mass / 2;
            double found = family.CumulativeProbability(y, mean, phi);
            Assert.Equal(sum + whole, found, family.IsDiscrete ? 1e-12 : 1e-4);
            Assert.True(found >= previous - 1e-15);
            sum += mass;
            previous = found;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Quantile_inverts_the_cumulative_probability(string name)
    {
        var family = Families.Parse(name);
        var phis = family.EstimatesDispersion ? Gen.Double[-4, 2].Select(Math.Exp) : Gen.Const(1.0);
        Gen.Select(Gen.Double[0.001, 0.999], WideMeans(name), phis).Sample((p, mean, phi) =>
        {
            double y = family.Quantile(p, mean, phi), cdf = family.CumulativeProbability(y, mean, phi);
            bool jumps = family.IsDiscrete || y == 0;
            bool inverts = jumps ? cdf >= p * (1 - 1e-13) : Math.Abs(cdf - p) < 1e-11 * p || y < 1e-290;
            Assert.True(inverts, $"{p} {mean} {phi}: {y} {cdf}");
            if (family.IsDiscrete && y > 0) Assert.True(family.CumulativeProbability(y - 1, mean, phi) < p);
            if (family.IsDiscrete && cdf < 1) Assert.Equal(y, family.Quantile(cdf, mean, phi));
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Initial_means_lie_in_the_domain(string name)
    {
        var family = Families.Parse(name);
        Responses(name).Sample(y =>
        {
            Assert.True(family.Supports(y));
            Assert.True(family.IsValidMean(family.InitialMean(y)));
        });
        Assert.False(family.Supports(double.NaN));
        Assert.False(family.Supports(double.PositiveInfinity));
        Assert.False(family.IsValidMean(double.NaN));
        Assert.True(name == "gaussian" || !family.IsValidMean(0));
        Assert.True(family.IsValidMean(family.CanonicalLink.Inverse(0.7)));
    }

    [Fact]
    public void Proportions_of_trials_have_binomial_probabilities() =>
        Gen.Select(Gen.Int[1, 40], Gen.Double[0.01, 0.99]).Sample((trials, mean) =>
        {
            double total = Enumerable.Range(0, trials + 1)
                .Sum(k => Math.Exp(Families.Bernoulli.LogLikelihood((double)k / trials, At(mean), 1, trials)));
            AssertClose(1, total, 1e-11);
        });

    [Fact]
    public void Bernoulli_likelihood_is_exact_where_the_probability_underflows()
    {
        var point = Links.Probit.Inverse(-40);
        AssertClose(2 * 804.60844201375379, Families.Bernoulli.UnitDeviance(1, point), 1e-14);
        AssertClose(-804.60844201375379, Families.Bernoulli.LogLikelihood(1, point, 1, 1), 1e-14);
        Assert.True(Families.Bernoulli.IsValidMean(Links.Logit.Inverse(50)));
        Assert.False(Families.Bernoulli.IsValidMean(Links.Identity.Inverse(1)));
    }

    [Fact]
    public void Negative_binomial_tends_to_the_Poisson() =>
        Gen.Select(Gen.Int[0, 60], Gen.Double[0.1, 40]).Sample((y, mean) =>
        {
            IFamily poisson = Families.Poisson, limit = Families.NegativeBinomial(1e12);
            AssertClose(poisson.LogLikelihood(y, At(mean), 1, 1), limit.LogLikelihood(y, At(mean), 1, 1), 1e-7);
            AssertClose(poisson.UnitDeviance(y, At(mean)), limit.UnitDeviance(y, At(mean)), 1e-7);
        });

    [Fact]
    public void Likelihood_dispersion_is_as_in_R()
    {
        Assert.Equal(3, Families.Gaussian.LikelihoodDispersion(12, 9, 4, 6));
        Assert.Equal(2, Families.Gamma.LikelihoodDispersion(12, 9, 4, 6));
        Assert.Equal(2, Families.InverseGaussian.LikelihoodDispersion(12, 9, 4, 6));
        Assert.Equal(9, Families.Tweedie(1.5).LikelihoodDispersion(12, 9, 4, 6));
        foreach (var family in (IFamily[])[Families.Bernoulli, Families.Poisson, Families.NegativeBinomial(2)])
        {
            Assert.Equal(1, family.LikelihoodDispersion(12, 9, 4, 6));
        }
    }

    private static MeanPoint At(double mean) => MeanPoint.Of(mean);

    private static Gen<double> Means(string name) => name == "bernoulli"
        ? Gen.Double[0.01, 0.99]
        : Gen.Double[-4, 4].Select(Math.Exp);

    private static Gen<double> WideMeans(string name) => name == "bernoulli"
        ? Gen.Double[0.01, 0.99]
        : Gen.Double[-3, 7].Select(Math.Exp);

    private static Gen<double> Responses(string name) => name switch
    {
        "bernoulli" => Gen.Int[0, 1].Select(y => (double)y),
        "gaussian" => Gen.Double[-9, 9],
        "gamma" or "inverse-gaussian" => Gen.Double[-4, 4].Select(Math.Exp),
        _ when name.StartsWith("tweedie", StringComparison.Ordinal) =>
            Gen.OneOf(Gen.Const(0.0), Gen.Double[-4, 4].Select(Math.Exp)),
        _ => Gen.Int[0, 300].Select(y => (double)y),
    };

    /// <summary>
    /// Values and their probabilities: of whole numbers, or of the nodes of a trapezoidal rule in y or ln y.
    /// </summary>
    private static IEnumerable<(double Y, double Mass)> Masses(IFamily family, double mean, double phi)
    {
        double Density(double y) => Math.Exp(family.LogLikelihood(y, At(mean), phi, 1));
        if (family.IsDiscrete)
        {
            return Enumerable.Range(0, family.Name == "bernoulli" ? 2 : 400).Select(y => ((double)y, Density(y)));
        }
        const double step = 1.0 / 32;
        if (family.Name == "gaussian")
        {
            return Enumerable.Range(-320, 641).Select(i => (mean + i * step, Density(mean + i * step) * step));
        }
        var positive = Enumerable.Range(-6400, 7140)
            .Select(i => Math.Exp(i * step)).Select(y => (y, Density(y) * y * step));
        return family.Supports(0) ? positive.Prepend((0, Density(0))) : positive;
    }
}
