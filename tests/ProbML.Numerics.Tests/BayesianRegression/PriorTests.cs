namespace ProbML.Tests.BayesianRegression;

/// <summary>Every prior: derivatives, normalisation, draws, text.</summary>
public sealed class PriorTests
{
    public static TheoryData<string> Texts =>
        ["normal(0.5,2)", "student-t(4,-1,0.7)", "cauchy(0,2.5)", "laplace(0.3,1.5)", "horseshoe(0.4)", "flat"];

    public static TheoryData<string> Proper => [.. Texts.Select(row => row.Data).Where(text => text != "flat")];

    [Theory, MemberData(nameof(Texts))]
    public void Prints_as_it_is_parsed(string text)
    {
        Assert.Equal(text, Prior.Parse(text).ToString());
        Assert.Equal(Prior.Parse(text), Prior.Parse(Prior.Parse(text).ToString()));
    }

    [Theory, MemberData(nameof(Texts))]
    public void Derivatives_are_those_of_the_log_density(string text)
    {
        var prior = Prior.Parse(text);
        foreach (double at in (double[])[-3.1, -0.4, 0.17, 0.9, 6])
        {
            const double h = 1e-5;
            double slope = (prior.LogDensity(at + h) - prior.LogDensity(at - h)) / (2 * h);
            double curvature = (prior.Gradient(at + h) - prior.Gradient(at - h)) / (2 * h);
            Assert.Equal(slope, prior.Gradient(at), 1e-6 * (1 + Math.Abs(slope)));
            Assert.Equal(curvature, prior.Curvature(at), 1e-6 * (1 + Math.Abs(curvature)));
        }
    }

    /// <summary>∫ p = 1, over β = tan u.</summary>
    [Theory, MemberData(nameof(Proper))]
    public void Densities_integrate_to_one(string text)
    {
        var prior = Prior.Parse(text);
        const int n = 200_000;
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double u = Math.PI * ((i + 0.5) / n - 0.5), x = Math.Tan(u);
            sum += Math.Exp(prior.LogDensity(x)) * (1 + x * x) * Math.PI / n;
        }
        Assert.Equal(1, sum, 1e-4);
    }

    [Theory, MemberData(nameof(Proper))]
    public void Draws_follow_the_density(string text)
    {
        var prior = Prior.Parse(text);
        var random = new Random(11);
        const int n = 20_000;
        double inside = 0, mass = 0;
        for (int i = 0; i < n; i++)
            inside += prior.Draw(random) is >= -1 and <= 1 ? 1.0 / n : 0;
        for (int i = 0; i < n; i++)
            mass += Math.Exp(prior.LogDensity((i + 0.5) / n * 2 - 1)) * 2 / n;
        Assert.Equal(mass, inside, 4 * 0.5 / Math.Sqrt(n));
    }

    [Theory]
    [InlineData("gauss(0,1)"), InlineData("normal(0,-1)"), InlineData("normal(0"), InlineData("normal(a,1)"), InlineData("laplace(1,2,3)")]
    public void Other_texts_are_refused(string text) => Assert.Throws<FormatException>(() => Prior.Parse(text));
}
