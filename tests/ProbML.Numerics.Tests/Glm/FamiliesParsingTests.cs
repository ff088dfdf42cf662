namespace ProbML.Numerics.Tests.Glm;

public class FamiliesParsingTests
{
    [Theory]
    [InlineData("gaussian"), InlineData("bernoulli"), InlineData("poisson"), InlineData("gamma")]
    [InlineData("inverse-gaussian"), InlineData("tweedie(1.5)"), InlineData("negative-binomial")]
    [InlineData("negative-binomial(1.2700000000000002)")]
    public void Name_parses_back(string name)
    {
        var family = Families.Parse(name);
        Assert.Equal(name, family.Name);
        Assert.Equal(family, Families.Parse(name.ToUpperInvariant()));
    }

    [Fact]
    public void Equality_is_by_parameter()
    {
        Assert.Equal(Families.Tweedie(1.5), Families.Tweedie(1.5));
        Assert.NotEqual(Families.Tweedie(1.5), Families.Tweedie(1.6));
        Assert.NotEqual(Families.NegativeBinomial(), Families.NegativeBinomial(2));
    }

    [Theory]
    [InlineData(""), InlineData(null), InlineData("normal"), InlineData("tweedie"), InlineData("tweedie(2)")]
    [InlineData("tweedie(x)"), InlineData("negative-binomial(0)"), InlineData("negative-binomial()")]
    [InlineData("gamma(1)")]
    public void Unknown_names_are_refused(string? name) => Assert.False(Families.TryParse(name, out _));

    [Fact]
    public void Refusals_say_what_to_do()
    {
        AssertSays("inverse-gaussian", Assert.Throws<FormatException>(() => Families.Parse("normal")));
        AssertSays("Families.Poisson", Assert.Throws<ArgumentOutOfRangeException>(() => Families.Tweedie(1)));
        AssertSays("Families.Gamma", Assert.Throws<ArgumentOutOfRangeException>(() => Families.Tweedie(2)));
        AssertSays("between 1 and 2", Assert.Throws<ArgumentOutOfRangeException>(() => Families.Tweedie(double.NaN)));
        AssertSays("positive", Assert.Throws<ArgumentOutOfRangeException>(() => Families.NegativeBinomial(-1)));
    }

    [Fact]
    public void A_negative_binomial_without_theta_says_so()
    {
        var family = Families.NegativeBinomial();
        var mean = MeanPoint.Of(2);
        Assert.True(family.Supports(3) && family.IsValidMean(2) && family.InitialMean(0) > 0);
        foreach (var use in (Func<object>[])
        [
            () => family.UnitVariance(mean), () => family.UnitVarianceSlope(mean), () => family.UnitDeviance(1, mean),
            () => family.LogLikelihood(1, mean, 1, 1), () => family.CumulativeProbability(1, 2, 1),
            () => family.Quantile(0.5, 2, 1),
        ])
        {
            AssertSays("Families.NegativeBinomial(theta)", Assert.Throws<InvalidOperationException>(use));
        }
    }

    private static void AssertSays(string part, Exception refusal) =>
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
}
