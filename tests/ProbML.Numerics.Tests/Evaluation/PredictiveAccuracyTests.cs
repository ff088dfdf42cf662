using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.Evaluation;

/// <summary>Against R's package loo 2.5.1 on the same matrix, made of a low-discrepancy sequence.</summary>
public sealed class PredictiveAccuracyTests
{
    private const int Draws = 400;
    private static readonly double[] Response = [-0.4, 0.3, 1.1, 0.2, 3.9, -0.8];

    private static readonly double[] LooPointwise =
    [
        -1.80229907125840, -1.13017331246629, -1.12631705662823,
        -1.18765410727042, -8.05912923605304, -2.48598483936997,
    ];

    private static readonly double[] LooShapes =
    [
        0.354818892986487, 0.238276732977646, 0.264687256113984, 0.243932396892756, 0.885143472303378, 0.360226046527288,
    ];

    private static readonly double[] WaicPointwise =
    [
        -1.79873642030060, -1.12885102322528, -1.12531229157690,
        -1.18586397474228, -8.02404105645537, -2.47538505230557,
    ];

    [Fact]
    public void Leave_one_out_agrees_with_loo()
    {
        var loo = PredictiveAccuracy.LeaveOneOut(Matrix());
        Assert.Equal(-15.79155762304636, loo.Total.Value, 1e-10);
        Assert.Equal(6.64278453846167, loo.Total.StandardError, 1e-10);
        Assert.Equal(3.84691404566204, loo.EffectiveParameters.Value, 1e-10);
        Assert.Equal(31.58311524609271, loo.InformationCriterion, 1e-10);
        AssertClose(LooPointwise, loo.Pointwise, 1e-10);
        AssertClose(LooShapes, loo.ParetoShapes, 1e-9);
        Assert.Contains("1 of 6 rows have a Pareto k above 0.62", loo.Warning!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_smaller_efficiency_takes_a_longer_tail()
    {
        var loo = PredictiveAccuracy.LeaveOneOut(Matrix(), relativeEfficiency: 0.5);
        Assert.Equal(-8.06990443170677, loo.Pointwise[4], 1e-10);
        Assert.Equal(0.903931914100668, loo.ParetoShapes[4], 1e-9);
        Assert.Equal(-1.80297800360990, loo.Pointwise[0], 1e-10);
    }

    [Fact]
    public void Waic_agrees_with_loo()
    {
        var waic = PredictiveAccuracy.Waic(Matrix());
        Assert.Equal(-15.73818981860599, waic.Total.Value, 1e-10);
        Assert.Equal(6.61029697046782, waic.Total.StandardError, 1e-6);
        Assert.Equal(3.79354624122168, waic.EffectiveParameters.Value, 1e-10);
        AssertClose(WaicPointwise, waic.Pointwise, 1e-10);
        Assert.Contains("2 of 6 rows have an effective number of parameters above 0.4", waic.Warning!, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_compared_row_by_row()
    {
        var (one, other) = (PredictiveAccuracy.LeaveOneOut(Matrix()), PredictiveAccuracy.Waic(Matrix()));
        var difference = one.Difference(other);
        Assert.Equal(one.Total.Value - other.Total.Value, difference.Value, 1e-12);
        Assert.True(difference.StandardError < one.Total.StandardError);
        Assert.Equal(0, one.Difference(one).Value);
        var shorter = PredictiveAccuracy.Waic(new PointwiseLogLikelihood([-1, -2, -1.5, -1, -3, -2], 3));
        Assert.Throws<ArgumentException>(() => one.Difference(shorter));
    }

    [Fact]
    public void Likelihoods_must_be_a_finite_matrix()
    {
        Assert.Throws<ArgumentException>(() => new PointwiseLogLikelihood([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PointwiseLogLikelihood([1, 2, 3], 1));
        var error = Assert.Throws<ArgumentException>(() => new PointwiseLogLikelihood([1, 2, double.NaN, 4], 2));
        Assert.Contains("row 1 under draw 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Smoothed_weights_sum_to_one_and_few_are_left_alone()
    {
        double[] weights = [.. Enumerable.Range(0, 500).Select(s => -3 * Math.Log((s + 0.5) / 500))];
        double shape = ParetoSmoothing.Smooth(weights);
        Assert.Equal(1, weights.Sum(Math.Exp), 1e-12);
        Assert.True(shape > 1);                       // u^-3 has a tail of shape 3
        double[] few = [0, 1, 2];
        Assert.Equal(double.PositiveInfinity, ParetoSmoothing.Smooth(few));
        Assert.Equal(1, few.Sum(Math.Exp), 1e-12);
        double[] equal = new double[100];
        Assert.Equal(double.NegativeInfinity, ParetoSmoothing.Smooth(equal));
        Assert.All(equal, weight => Assert.Equal(-Math.Log(100), weight, 1e-12));
    }

    private static PointwiseLogLikelihood Matrix()
    {
        var values = new double[Draws * Response.Length];
        for (int s = 1; s <= Draws; s++)
        {
            double mean = 0.7 + 0.45 * NormalDistribution.Quantile((Fraction(s * 0.6180339887498949) * (Draws - 1) + 0.5) / Draws);
            double sd = 1.0 + 0.3 * (Fraction(s * 0.7548776662466927) - 0.5);
            for (int i = 0; i < Response.Length; i++)
                values[(s - 1) * Response.Length + i] =
                    NormalDistribution.LogDensity((Response[i] - mean) / sd) - Math.Log(sd);
        }
        return new(values, Draws);
    }

    private static double Fraction(double x) => x - Math.Floor(x);

    private static void AssertClose(double[] expected, IReadOnlyList<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }
}
