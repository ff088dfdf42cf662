using ProbML.Benchmarks;

namespace ProbML.Tests;

/// <summary>
/// Nominal 90 % intervals of fits to 500 rows hold a new observation in 88 to 92 of 100 cases, by the true distribution; of
/// counts, limits and classes, where no interval can hold 90 % exactly, with the ends randomised, and otherwise in more.
/// The benchmark "coverage" runs the same with more fits.
/// </summary>
public sealed class CoverageTests
{
    private static readonly CoverageCase[] All = [.. CoverageCases.Numbers, .. CoverageCases.OfClasses];

    public static TheoryData<string> Names => [.. All.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_new_observation_lies_in_its_interval_as_often_as_promised(string name)
    {
        var found = All.Single(one => one.Name == name).Run(40);
        Assert.InRange(found.Randomised, 0.88, 0.92);
        Assert.InRange(found.Attained, found.Randomised - 1e-9, 1);
    }

    [Theory]
    [InlineData("multinomial, 3 classes"), InlineData("ordinal, logit link, 4 classes")]
    public void The_interval_of_a_classs_probability_holds_it_as_often_as_promised(string name) =>
        Assert.InRange(All.Single(one => one.Name == name).Run(150).Probability, 0.88, 0.92);
}
