using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Every likelihood's derivatives, integrals and predictive laws, against plain numerics.</summary>
public sealed class LikelihoodTests
{
    private static readonly Dictionary<string, (LatentLikelihood Likelihood, double[] Responses)> All = new()
    {
        ["logit"] = (new BernoulliLikelihood(), [0, 1]),
        ["probit"] = (new BernoulliLikelihood(Links.Probit), [0, 1]),
        ["poisson"] = (new PoissonLikelihood(), [0, 1, 7]),
        ["negativebinomial"] = (new NegativeBinomialLikelihood { Theta = 1.7 }, [0, 1, 9]),
        ["studentt"] = (
            new StudentTLikelihood { DegreesOfFreedom = 3.3, Scale = 0.8, FixedDegreesOfFreedom = false }, [-2.1, 0.3, 4]),
        ["ordinal logit"] = (new OrdinalLikelihood([-1, 0.4, 1.1]), [0, 1, 2, 3]),
        ["ordinal probit"] = (new OrdinalLikelihood([-1, 0.4, 1.1], Links.Probit), [0, 1, 2, 3]),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> Responses => [.. All.Where(one => one.Value.Likelihood is ResponseLikelihood).Select(one => one.Key)];

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_are_those_of_the_log_density(string name)
    {
        var (likelihood, responses) = All[name];
        const double Step = 1e-3;
        foreach (double y in responses)
            foreach (double f in (double[])[-2.6, -0.4, 0.05, 1.3, 3.1])
            {
                var at = likelihood.At(y, f);
                Near(Slope(h => likelihood.At(y, f + h).Value, Step), at.Slope, 1e-8);
                Near(Slope(h => likelihood.At(y, f + h).Slope, Step), at.Curvature, 1e-8);
                Near(Slope(h => likelihood.At(y, f + h).Curvature, Step), at.Third, 1e-8);
                Assert.True(!likelihood.IsLogConcave || at.Curvature <= 0);
                Assert.True(likelihood.Majoriser(y, f) >= -at.Curvature - 1e-12);
            }
    }

    [Theory, MemberData(nameof(Names))]
    public void Parameters_move_the_log_density_as_their_derivatives_say(string name)
    {
        var (likelihood, responses) = All[name];
        double[] free = likelihood.FreeParameters();
        Assert.Equal(likelihood.ParameterNames.Count, free.Length);
        Assert.All(likelihood.With(free).FreeParameters().Zip(free), pair => Near(pair.Second, pair.First, 1e-14));
        var points = new ParameterPoint[free.Length];
        foreach (double y in responses)
            foreach (double f in (double[])[-2.6, 0.05, 1.3])
            {
                likelihood.Parameters(y, f, points);
                for (int k = 0; k < free.Length; k++)
                {
                    Near(Slope(h => Moved(k, h).At(y, f).Value, 1e-3), points[k].Value, 1e-8);
                    Near(Slope(h => Moved(k, h).At(y, f).Slope, 1e-3), points[k].Slope, 1e-8);
                    Near(Slope(h => Moved(k, h).At(y, f).Curvature, 1e-3), points[k].Curvature, 1e-8);
                }
            }

        LatentLikelihood Moved(int k, double by) => likelihood.With([.. free.Select((value, j) => j == k ? value + by : value)]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Expectations_are_integrals_under_the_normal(string name)
    {
        var (likelihood, responses) = All[name];
        foreach (double y in responses)
            foreach (var (mean, variance) in ((double, double)[])[(0.3, 0.04), (-0.7, 1.4), (0.9, 6)])
            {
                double sigma = Math.Sqrt(variance);
                var expected = likelihood.Expect(y, mean, variance);
                Near(Integral(mean, sigma, f => likelihood.At(y, f).Value * Normal(f)), expected.Value, 1e-8);
                Near(Integral(mean, sigma, f => likelihood.At(y, f).Slope * Normal(f)), expected.Slope, 1e-8);
                Near(Integral(mean, sigma, f => likelihood.At(y, f).Curvature * Normal(f)), expected.Curvature, 1e-8);

                var tilted = likelihood.Tilt(y, mean, variance, 1);
                double z = Integral(mean, sigma, f => Math.Exp(likelihood.At(y, f).Value) * Normal(f));
                double first = Integral(mean, sigma, f => f * Math.Exp(likelihood.At(y, f).Value) * Normal(f)) / z;
                double second = Integral(mean, sigma, f => (f - first) * (f - first) * Math.Exp(likelihood.At(y, f).Value) * Normal(f)) / z;
                Near(Math.Log(z), tilted.LogZ, 1e-9);
                Near(first, tilted.Mean, 1e-9);
                Near(second, tilted.Variance, 1e-9);

                double Normal(double f) => NormalDistribution.Density((f - mean) / sigma) / sigma;
            }
    }

    [Theory, MemberData(nameof(Responses))]
    public void A_new_observation_has_the_law_of_draws(string name)
    {
        var likelihood = (ResponseLikelihood)All[name].Likelihood;
        var mixture = new ResponseMixture(likelihood, 0.6, 0.3);
        double sigma = Math.Sqrt(0.3);
        if (likelihood.IsDiscrete)
        {
            double mass = 0, mean = 0, square = 0;
            for (int y = 0; y < 4000; y++)
            {
                double p = Math.Exp(mixture.LogDensity(y));
                (mass, mean, square) = (mass + p, mean + p * y, square + p * y * y);
                if (y < 20)
                    Near(mass, mixture.Cdf(y), 1e-9);
            }
            Near(1, mass, 1e-7);
            Near(mean, mixture.Mean, 1e-6);
            Near(square - mean * mean, mixture.Epistemic + mixture.Aleatoric, 1e-4);
            Assert.True(mixture.Cdf(mixture.Quantile(0.9)) >= 0.9 && mixture.Cdf(mixture.Quantile(0.9) - 1) < 0.9);
            return;
        }
        Near(Math.Log(Integral(0.6, sigma, f => Math.Exp(likelihood.At(1.9, f).Value) * NormalDistribution.Density((f - 0.6) / sigma) / sigma)), mixture.LogDensity(1.9), 1e-9);
        Near(0.6, mixture.Mean, 1e-9);
        Near(0.3 + likelihood.Variance(0), mixture.Epistemic + mixture.Aleatoric, 1e-9);
        Near(0.9, mixture.Cdf(mixture.Quantile(0.9)), 1e-6);
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("negativebinomial(theta=2.5)")]
    [InlineData("studentt(df=4, scale=0.25)")]
    [InlineData("studentt(df=7)")]
    public void Text_is_read_as_it_is_printed(string text) => Assert.Equal(text, LikelihoodText.Parse(text).ToString());

    [Theory]
    [InlineData("cauchy", "is no likelihood")]
    [InlineData("studentt(df=-1)", "must be positive")]
    [InlineData("studentt(nu=4)", "has no argument 'nu'")]
    [InlineData("poisson(", "has no ')'")]
    [InlineData("studentt(df)", "name=number")]
    public void Text_that_is_none_says_why(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => LikelihoodText.Parse(text)).Message, StringComparison.Ordinal);

    private static double Slope(Func<double, double> f, double h) =>
        (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

    private static double Integral(double mean, double sigma, Func<double, double> f)
    {
        const int Count = 6000;
        double step = 26 * sigma / Count, sum = 0;
        for (int k = 0; k <= Count; k++)
            sum += f(mean - 13 * sigma + k * step);
        return sum * step;
    }

    private static void Near(double expected, double found, double tolerance) => Assert.True(
        Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{expected:R} and {found:R}");
}
