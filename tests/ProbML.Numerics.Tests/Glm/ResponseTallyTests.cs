using ProbML.Fitting;

namespace ProbML.Tests;

public sealed class ResponseTallyTests
{
    private const int Rows = 1003;                        // no whole number of registers

    [Theory, InlineData("bernoulli"), InlineData("poisson")]
    public void Statistics_are_those_of_row_after_row(string name)
    {
        var (x, y, weights) = Data(name);
        var (tallied, counted) = Sums(name, x, y, weights, [], out var point);
        Assert.True(tallied.Rows.TryKnowStatistics(point, 0.2));
        Assert.Equal(1, tallied.Statistics.PearsonChiSquared / counted.Statistics.PearsonChiSquared, 1e-13);
        Assert.Equal(1, tallied.Statistics.LogLikelihood / counted.Statistics.LogLikelihood, 1e-13);
        Assert.Equal(1, tallied.Statistics.NullDeviance / counted.Statistics.NullDeviance, 1e-13);
    }

    [Theory, InlineData("bernoulli"), InlineData("poisson")]
    public void A_sure_response_adds_nothing_and_an_impossible_one_infinity(string name)
    {
        var point = Point(name, [0, 800]);
        foreach (var (x, y, expected) in new[] { (-1.0, 0.0, 0.0), (-1.0, 1.0, double.PositiveInfinity) })
        {
            var sum = new LikelihoodSum(point, Information.Expected, false);
            sum.Add(new RowBlock(1, 1, [x], [y], [1]));
            Assert.True(sum.Rows.TryKnowStatistics(point, 0));
            Assert.Equal(expected, sum.Statistics.PearsonChiSquared, 1e-300);
        }
    }

    [Theory]
    [InlineData("bernoulli", 0.25, 0), InlineData("poisson", 64, 0), InlineData("poisson", 2.5, 0), InlineData("poisson", 2, 0.1)]
    public void Other_responses_and_offsets_are_left_to_the_summary(string name, double response, double offset)
    {
        var (x, y, weights) = Data(name);
        var offsets = new double[Rows];
        (y[700], offsets[700]) = (response, offset);
        var (tallied, _) = Sums(name, x, y, weights, offsets, out var point);
        Assert.False(tallied.Rows.TryKnowStatistics(point, 0.2));
    }

    [Fact]
    public void Statistics_are_known_at_the_point_of_the_pass_alone()
    {
        var (x, y, weights) = Data("poisson");
        var (tallied, _) = Sums("poisson", x, y, weights, [], out var point);
        Assert.False(tallied.Rows.TryKnowStatistics(point with { Coefficients = [0.1, 0.2] }, 0.2));
    }

    private static (LikelihoodSum Tallied, LikelihoodSum Counted) Sums(
        string name, double[] x, double[] y, double[] weights, double[] offsets, out GlmPoint point)
    {
        point = Point(name, [0.3, 0.7]);
        var tallied = new LikelihoodSum(point, Information.Expected, false);
        var counted = new LikelihoodSum(
            point, Information.Expected, false, new RowStatistics(point.Family, point.Link, 1, 0.2));
        var parts = new LikelihoodSum(point, Information.Expected, false);
        counted.Add(new RowBlock(Rows, 1, x, y, weights, offsets));
        const int Half = 600;
        var (later, laterOffsets) = (Rows - Half, offsets.Length == 0 ? offsets : offsets[Half..]);
        tallied.Add(new RowBlock(Half, 1, x, y, weights, offsets));
        parts.Add(new RowBlock(later, 1, x.AsSpan(Half), y.AsSpan(Half), weights.AsSpan(Half), laterOffsets));
        tallied.Merge(parts);
        return (tallied, counted);
    }

    private static GlmPoint Point(string name, double[] coefficients)
    {
        var family = Families.Parse(name);
        var transform = new RowTransform(true, 1, [0], [1], [0], null);
        return new GlmPoint(family, family.CanonicalLink, transform, coefficients);
    }

    private static (double[] X, double[] Y, double[] Weights) Data(string name)
    {
        var random = new Random(3);
        double[] x = new double[Rows], y = new double[Rows], weights = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            x[i] = 4 * random.NextDouble() - 2;
            y[i] = random.Next(name == "poisson" ? 64 : 2);
            weights[i] = i % 10 == 0 ? 0 : 0.5 + random.NextDouble();
        }
        return (x, y, weights);
    }
}
