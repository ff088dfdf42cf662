using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample.Sketches;

public sealed class SketchComparisonTests
{
    /// <summary>R 4.2: t.test(y, x).</summary>
    [Fact]
    public void Welchs_t_agrees_with_R()
    {
        double[] x = [0.61, -1.2, 0.33, 2.4, 0.05, -0.7, 1.9, 0.8], y = [1.1, 2.2, 0.9, 3.3, -0.2, 1.7, 2.9, 0.4, 1.3, 2.0];
        var result = SketchComparison.Of(Of(x, "x"), Of(y, "y")).Columns[0];
        Assert.Equal(1.8904047395149617, result.Mean!.Statistic, 1e-13);
        Assert.Equal(0.079126795973070291, result.Mean.PValue, 1e-13);
        Assert.Equal(KolmogorovSmirnov.Test(x, y), result.Values);
        Assert.Null(result.Missing);
        Assert.Equal(Math.Min(1, 2 * Math.Min(result.Mean.PValue, result.Values.PValue)), result.PValue);
    }

    [Fact]
    public void Levels_and_missing_values_are_tested_by_all_rows()
    {
        SketchRows before = new(4000, 1, missing: 0.1), now = new(5000, 2, missing: 0.14);
        TableSketch one = before.Sketch(new() { SampleRows = 100 }), two = now.Sketch(new() { SampleRows = 200, Seed = 5 });
        var result = SketchComparison.Of(one, two);
        Assert.Equal(["x", "city", "income"], result.Columns.Select(column => column.Name));
        string[] levels = [.. one.Levels("city").Counts!.Keys];
        var expected = ChiSquareTest.Test(
            [.. levels.Select(level => (double)one.Levels("city").Counts![level]), one.Levels("city").Missing],
            [.. levels.Select(level => (double)two.Levels("city").Counts![level]), two.Levels("city").Missing]);
        Assert.Equal(expected.Statistic, result.Columns[1].Values.Statistic, 1e-10);
        Assert.True(result.Columns[2].Missing!.PValue < 1e-6);
        Assert.True(result.Columns[2].HolmPValue < 1e-5);
        Assert.True(result.Columns[2].BenjaminiHochbergPValue <= result.Columns[2].HolmPValue);
        Assert.True(result.MeanDiscrepancy!.PValue > 1e-3);
        Assert.True(SketchComparison.Of(one, new SketchRows(4000, 3, shift: 0.5).Sketch(new() { SampleRows = 400 }, "b")).MeanDiscrepancy!.PValue < 0.01);
    }

    /// <summary>
    /// Two halves of 600 rows, each in three parts of which 100 rows are drawn: of 300 pairs at most 5 % and four binomial standard errors are thought
    /// different, 30, by each test, and by Holm over all columns; and a test that never rejects would be none.
    /// </summary>
    [Fact]
    public void The_levels_hold_under_merging()
    {
        var options = new TableSketchOptions { SampleRows = 100 };
        int values = 0, means = 0, levels = 0, holm = 0, mmd = 0;
        for (int k = 0; k < 300; k++)
        {
            SketchRows before = new(600, 1000 + k), now = new(600, 5000 + k);
            var result = SketchComparison.Of(Merged(before, options, "a"), Merged(now, options, "b"));
            values += result.Columns[0].Values.PValue <= 0.05 ? 1 : 0;
            means += result.Columns[0].Mean!.PValue <= 0.05 ? 1 : 0;
            levels += result.Columns[1].Values.PValue <= 0.05 ? 1 : 0;
            holm += result.Columns.Any(column => column.HolmPValue <= 0.05) ? 1 : 0;
            mmd += result.MeanDiscrepancy!.PValue <= 0.05 ? 1 : 0;
        }
        Assert.All([values, means, levels, holm, mmd], count => Assert.InRange(count, 1, 30));
    }

    private static TableSketch Merged(SketchRows rows, TableSketchOptions options, string name) =>
        rows.Part(400, 600, options, name).Merge(rows.Part(0, 300, options, name)).Merge(rows.Part(300, 400, options, name));

    private static TableSketch Of(double[] values, string name)
    {
        var builder = new TableSketchBuilder([new("v", false)], name);
        foreach (double value in values)
            builder.Add([value], []);
        return builder.Build();
    }
}
