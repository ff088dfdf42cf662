using System.Numerics;
using ProbML.Fitting;

namespace ProbML.Tests.BayesianRegression;

/// <summary>The vector functions of samplers against the runtime's scalar ones.</summary>
public sealed class SamplingRowsTests
{
    [Fact]
    public void Exponential_is_right_to_two_units_in_the_last_place()
    {
        for (double x = -707; x < 707; x += 0.377)
            Assert.Equal(1, SamplingRows.Exp(new Vector<double>(x))[0] / Math.Exp(x), 6e-16);
        Assert.Equal(Math.Exp(-708), SamplingRows.Exp(new Vector<double>(-1e10))[0], 1e-315);
    }

    [Fact]
    public void Logarithm_is_right()
    {
        for (double x = 0; x <= 1; x += 1.0 / 1024)
            Assert.Equal(Elementary.Log1p(x), SamplingRows.Log1p(new Vector<double>(x))[0], 3e-16);
        Assert.Equal(1e-300, SamplingRows.Log1p(new Vector<double>(1e-300))[0]);
    }
}
