using ProbML.Flows;

namespace ProbML.Torch.Tests.Flows;

public sealed class FlowMistakeTests
{
    [Fact]
    public void A_constant_column_is_named()
    {
        double[] rows = FlowRows.Draw(50);
        for (int i = 0; i < 50; i++)
            rows[i * 3 + 1] = 0.25;
        AssertFails(rows, "'weight' is 0.25 in all 50 rows", "infinite");
    }

    [Fact]
    public void A_copy_of_a_column_is_named_with_its_original()
    {
        double[] rows = FlowRows.Draw(50);
        for (int i = 0; i < 50; i++)
            rows[i * 3 + 2] = 7 - 3 * rows[i * 3];
        AssertFails(rows, "'ring' is a copy of 'height'", "infinite");
    }

    [Fact]
    public void A_sum_of_columns_is_named()
    {
        double[] rows = FlowRows.Draw(50);
        for (int i = 0; i < 50; i++)
            rows[i * 3 + 2] = rows[i * 3] + 5000 * rows[i * 3 + 1];
        AssertFails(rows, "'ring' follows from others ('height', 'weight')", "infinite");
    }

    [Fact]
    public void A_value_outside_of_its_support_is_named_with_its_row()
    {
        double[] rows = FlowRows.Draw(50);
        rows[12 * 3 + 1] = -4;
        var options = FlowRows.Small() with
        {
            Preprocessing = new Dictionary<string, ColumnPreprocessing> { ["height"] = ColumnPreprocessing.Between(0, 150) },
        };
        var error = Assert.Throws<InvalidOperationException>(() => { Fit(rows, options).Dispose(); });
        Assert.Contains("'height' must be between 0 and 150, but row ", error.Message, StringComparison.Ordinal);
        var unknown = FlowRows.Small() with
        {
            Preprocessing = new Dictionary<string, ColumnPreprocessing> { ["size"] = ColumnPreprocessing.Positive },
        };
        error = Assert.Throws<InvalidOperationException>(() => { Fit(rows, unknown).Dispose(); });
        Assert.Contains("'size', but no feature is called so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outlier_that_hides_the_others_is_told_of()
    {
        double[] rows = FlowRows.Draw(200);
        rows[30] = 1e12;
        var warnings = new List<string>();
        var monitor = new TrainingMonitor { Warning = warnings.Add };
        using var model = new FlowFitter(FlowRows.Small()).Fit(MatrixDesign.WithoutResponse(rows, FlowRows.Names), monitor);
        Assert.Contains(warnings, text => text.Contains("'height' lies so far out", StringComparison.Ordinal));
        Assert.True(float.IsFinite(FlowRows.Score(model, FlowRows.Draw(1))[3]));
    }

    [Fact]
    public void Few_rows_are_one_batch_and_no_rows_an_error()
    {
        using var model = Fit(FlowRows.Draw(7), FlowRows.Small());
        Assert.True(model.Converged);
        var error = Assert.Throws<InvalidOperationException>(() => { Fit([], FlowRows.Small()).Dispose(); });
        Assert.Contains("no rows", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => { Fit(FlowRows.Draw(1), FlowRows.Small()).Dispose(); });
        Assert.Contains("the only row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_early()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowFitter(new() { Layers = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowFitter(new() { Spline = new LinearSpline { Bins = 1 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowFitter(new() { LogScaleBound = 0 }));
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new FlowFitter(new() { Columns = FlowColumns.ConditionalLogDensity }));
        Assert.Contains("Mixing = None", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowAnomalyFitter(new() { FalseAlarmRate = 1 }));
    }

    private static FlowModel Fit(double[] rows, FlowOptions options) => new FlowFitter(options).Fit(
        MatrixDesign.WithoutResponse(rows, FlowRows.Names), TrainingMonitor.None);

    private static void AssertFails(double[] rows, params string[] parts)
    {
        var error = Assert.Throws<InvalidOperationException>(() => { Fit(rows, FlowRows.Small()).Dispose(); });
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
