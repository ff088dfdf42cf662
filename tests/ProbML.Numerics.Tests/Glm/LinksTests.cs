using CsCheck;
using static ProbML.Numerics.Tests.Distributions.Near;

namespace ProbML.Numerics.Tests.Glm;

/// <summary>The laws of a link function, each over every link.</summary>
public class LinksTests
{
    private static readonly string[] bounded = ["logit", "probit", "cloglog", "loglog", "cauchit", "tanh"];
    private static readonly string[] powers = ["power(0.7)", "power(-2)", "power(3)"];
    private static readonly string[] positive = ["sqrt", "inverse", "inverse-squared", .. powers];

    public static TheoryData<string> All => [.. Links.All.Select(link => link.Name), .. powers];

    public static TheoryData<string> Bounded => [.. bounded];

    [Theory, MemberData(nameof(All))]
    public void Inverse_of_link_is_the_mean(string name)
    {
        var link = Links.Parse(name);
        Means(name).Sample(mean => AssertClose(mean, link.Inverse(link.Link(mean)).Mean, 1e-13 + Rounding(name, mean)));
    }

    [Theory, MemberData(nameof(All))]
    public void Link_of_inverse_is_the_predictor(string name)
    {
        var link = Links.Parse(name);
        Etas(name).Sample(eta =>
        {
            var point = link.Inverse(eta);
            double rounding = 4e-16 * Math.Abs(point.Mean / point.Slope);
            double found = link.Link(point.Mean);
            if (rounding > 0.01) return;
            Assert.True(Math.Abs(found - eta) <= rounding + 1e-13 * Math.Abs(eta), $"{name}: {eta:R} became {found:R}");
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Slope_is_the_derivative_of_the_mean(string name)
    {
        var link = Links.Parse(name);
        Etas(name).Sample(eta =>
        {
            double derivative = Derivative(x => Smaller(link, x, eta), eta, Step(name, eta));
            double sign = IsUpper(link, eta) ? -1 : 1;
            AssertClose(link.Inverse(eta).Slope, sign * derivative, 1e-7);
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Curvature_is_the_derivative_of_the_slope(string name)
    {
        var link = Links.Parse(name);
        Etas(name).Sample(eta =>
        {
            var point = link.Inverse(eta);
            double derivative = Derivative(x => link.Inverse(x).Slope, eta, Step(name, eta));
            double tolerance = 1e-7 * (Math.Abs(point.Curvature) + Math.Abs(point.Slope));
            AssertClose(point.Curvature, derivative, 0, tolerance);
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Mean_and_complement_sum_to_one(string name)
    {
        var link = Links.Parse(name);
        Etas(name).Sample(eta =>
        {
            var point = link.Inverse(eta);
            Assert.Equal(1, point.Mean + point.Complement, 4e-16 * (1 + Math.Abs(point.Mean)));
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Mean_is_monotone(string name)
    {
        var link = Links.Parse(name);
        double direction = Math.Sign(link.Inverse(1).Slope);
        Gen.Select(Etas(name), Etas(name)).Sample((a, b) =>
        {
            double low = link.Inverse(Math.Min(a, b)).Mean, high = link.Inverse(Math.Max(a, b)).Mean;
            Assert.True((high - low) * direction >= -4e-16 * Math.Abs(low));
        });
    }

    [Theory, MemberData(nameof(All))]
    public void Tails_are_finite(string name)
    {
        var link = Links.Parse(name);
        double[] sizes = [1e-300, 1e-8, 1, 6.56, 7, 37.4, 37.6, 40, 700, 708, 709.7, 710, 745, 800, 1e10];
        foreach (double size in sizes)
        {
            foreach (double eta in (double[])[-size, size])
            {
                if (!link.IsInDomain(eta)) continue;
                var point = link.Inverse(eta);
                double[] parts = [point.Mean, point.Complement, point.Slope, point.Curvature];
                Assert.DoesNotContain(double.NaN, parts);
                if (!bounded.Contains(name)) continue;
                Assert.InRange(point.Mean, MeanPoint.Smallest, 1);
                Assert.InRange(point.Complement, MeanPoint.Smallest, 1);
                Assert.True(double.IsFinite(point.LogMean) || eta < -700, $"{name} at {eta}");
                Assert.True(double.IsFinite(point.Slope / point.Mean));
                Assert.True(double.IsFinite(point.Slope / point.Complement));
            }
        }
    }

    [Theory, MemberData(nameof(Bounded))]
    public void Scores_stay_right_where_probabilities_underflow(string name)
    {
        var link = Links.Parse(name);
        foreach (double size in (double[])[1, 5, 6.5, 6.6, 30, 37.4, 37.6, 60, 300])
        {
            foreach (double eta in (double[])[-size, size])
            {
                var point = link.Inverse(eta);
                double step = 1e-5 * Math.Min(1, 6 / Math.Max(1, size));
                double success = Derivative(x => link.Inverse(x).LogMean, eta, step);
                double failure = Derivative(x => link.Inverse(x).LogComplement, eta, step);
                double tolerance = name is "cloglog" or "loglog" ? 1e-6 : 1e-7;
                if (Math.Abs(success) is > 1e-100 and < 1e120)
                {
                    AssertClose(success, point.Slope / point.Mean, tolerance, 1e-9);
                }
                if (Math.Abs(failure) is > 1e-100 and < 1e120)
                {
                    AssertClose(-failure, point.Slope / point.Complement, tolerance, 1e-9);
                }
            }
        }
    }

    /// <summary>mpmath, 40 digits.</summary>
    [Theory]
    [InlineData("probit", -40, -804.60844201375379, -800.91893853320467)]
    [InlineData("probit", -8, -35.01343715991455, -32.918938533204673)]
    [InlineData("logit", -800, -800, -800)]
    [InlineData("loglog", -6, -403.42879349273512, -397.42879349273512)]
    [InlineData("cloglog", -750, -750, -750)]
    public void Log_mean_is_exact_in_the_tail(string name, double eta, double logMean, double logSlope)
    {
        var point = Links.Parse(name).Inverse(eta);
        AssertClose(logMean, point.LogMean, 1e-13);
        AssertClose(logSlope - logMean, Math.Log(point.Slope / point.Mean), 1e-11, 1e-11);
    }

    [Fact]
    public void Tanh_is_the_logit_at_half_the_predictor() => Gen.Double[-40, 40].Sample(eta =>
    {
        var half = Links.Tanh.Inverse(eta / 2);
        var whole = Links.Logit.Inverse(eta);
        Assert.Equal(whole.Mean, half.Mean);
        Assert.Equal(2 * whole.Slope, half.Slope);
    });

    [Theory, MemberData(nameof(Bounded))]
    public void Log_log_mirrors_and_the_others_are_symmetric(string name) => Gen.Double[-30, 30].Sample(eta =>
    {
        string opposite = name switch { "cloglog" => "loglog", "loglog" => "cloglog", _ => name };
        var here = Links.Parse(name).Inverse(eta);
        var there = Links.Parse(opposite).Inverse(-eta);
        Assert.Equal(here.Mean, there.Complement);
        Assert.Equal(here.Slope, there.Slope);
        Assert.Equal(here.Curvature, -there.Curvature);
    });

    [Theory, MemberData(nameof(All))]
    public void Name_parses_back(string name)
    {
        var link = Links.Parse(name);
        Assert.Equal(name, link.Name);
        Assert.Equal(link, Links.Parse(link.Name.ToUpperInvariant()));
        Assert.StartsWith("mu = ", link.Formula, StringComparison.Ordinal);
    }

    [Fact]
    public void Power_parses_back_to_the_last_digit() => Gen.Double[0.01, 9].Sample(k =>
        Assert.Equal(Links.Power(k), Links.Parse(Links.Power(k).Name)));

    [Fact]
    public void Aliases_and_refusals()
    {
        Assert.Equal(Links.InverseSquared, Links.Parse("1/mu^2"));
        Assert.Equal(Links.Power(0.5), Links.Parse(" Power( 0.5 ) "));
        Assert.NotEqual<ILinkFunction>(Links.Power(0.5), Links.Power(2));
        string?[] unknown = ["", null, "logits", "power", "power()", "power(0)", "power(x)", "logit(1)"];
        foreach (string? name in unknown)
        {
            Assert.False(Links.TryParse(name, out _));
        }
        string message = Assert.Throws<FormatException>(() => Links.Parse("probid")).Message;
        Assert.Contains("probit", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentOutOfRangeException>(() => Links.Power(0)).Message;
        Assert.Contains("Links.Log", message, StringComparison.Ordinal);
    }

    private static Gen<double> Etas(string name) => positive.Contains(name) ? Gen.Double[-6, 6].Select(Math.Exp)
        : name switch
        {
            "cloglog" => Gen.Double[-30, 6],
            "loglog" => Gen.Double[-6, 30],
            "identity" => Gen.Double[-100, 100],
            _ => Gen.Double[-30, 30],
        };

    private static Gen<double> Means(string name) => bounded.Contains(name)
        ? Gen.Double[-30, 0].Select(Math.Exp).Where(mean => mean < 0.9999)
        : Gen.Double[-10, 10].Select(Math.Exp);

    /// <summary>What one unit in the last place of the mean, or of the predictor, moves the other by.</summary>
    private static double Rounding(string name, double mean)
    {
        var link = Links.Parse(name);
        var point = link.Inverse(link.Link(mean));
        double ofMean = bounded.Contains(name) ? 1 / point.Complement : 0;
        return 4e-16 * (Math.Abs(link.Link(mean) * point.Slope / mean) + ofMean);
    }

    private static bool IsUpper(ILinkFunction link, double eta) =>
        bounded.Contains(link.Name) && link.Inverse(eta).Mean > 0.5;

    /// <summary>
    /// μ, or 1 − μ where that is smaller at <paramref name="at"/>, so that differences keep their digits.
    /// </summary>
    private static double Smaller(ILinkFunction link, double eta, double at) =>
        IsUpper(link, at) ? link.Inverse(eta).Complement : link.Inverse(eta).Mean;

    private static double Step(string name, double eta) =>
        positive.Contains(name) ? 1e-3 * eta
        : name == "cloglog" ? 1e-3 * Math.Exp(-Math.Max(0, eta))
        : name == "loglog" ? 1e-3 * Math.Exp(-Math.Max(0, -eta))
        : 1e-3 / (1 + 0.1 * Math.Abs(eta));

    /// <summary>Central differences of order four.</summary>
    private static double Derivative(Func<double, double> f, double x, double h) =>
        (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}
