namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

/// <summary>Mistakes are said, not suffered.</summary>
public sealed class HierarchicalMistakeTests
{
    private static readonly string[] Names = ["a", "a", "b", "b", "c", "c", "d", "d"];
    private static readonly double[] X = [1, 2, 3, 4, 1, 3, 2, 5], Y = [1, 2.5, 5, 6.2, 0.5, 2, 2, 7];

    [Fact]
    public void One_group_is_no_grouping() => AssertRefused(
        "All 8 rows are of one group of 'g', 'a'", [.. Enumerable.Repeat("a", 8)], new() { Effects = [new("g")] });

    [Fact]
    public void As_many_coefficients_as_rows_are_too_many()
    {
        string[] each = [.. Enumerable.Range(0, 8).Select(i => $"{i}")];
        AssertRefused("8 groups of 'g' have 8 coefficients, but there are 8 rows", each, new() { Effects = [new("g")] });
        AssertRefused("4 groups of 'g' have 8 coefficients, but there are 8 rows", Names, new() { Effects = [new("g", "x1")] });
    }

    [Fact]
    public void A_column_or_slope_that_is_not_there_is_named()
    {
        AssertRefused("There is no column of groups 'h'. The design's columns of groups are: 'g'", Names, new() { Effects = [new("h")] });
        AssertRefused("slope of 'x9', but there is no feature of that name. The features are 'x1'", Names, new() { Effects = [new("g", "x9")] });
    }

    [Fact]
    public void Borders_that_do_not_fit_into_memory_are_refused_before()
    {
        var design = new MatrixDesign(X, Y) { GroupColumns = [GroupColumn.Of("g", Names), GroupColumn.Of("h", ["p", "q", "r", "p", "q", "r", "p", "q"])] };
        var fitter = new HierarchicalFitter(new() { Effects = [new("g"), new("h")], LargestMatrix = 4 });
        var error = Assert.Throws<InvalidOperationException>(() => fitter.Fit(design, TrainingMonitor.None));
        Assert.Contains("5 coefficients, whose joint matrix is larger than LargestMatrix, 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_one_row_is_fitted()
    {
        string[] names = ["a", "a", "a", "b", "b", "b", "b", "lonely"];
        var model = new HierarchicalFitter(new() { Effects = [new("g")] }).Fit(Design(names), TrainingMonitor.None);
        Assert.Equal(1, model.GroupEffects("g").Single(one => one.Level == "lonely").Rows);
        Assert.True(model.Converged);
    }

    [Fact]
    public void A_singular_fit_warns()
    {
        var warnings = new List<string>();
        var one = MixedReference.Case("Dyestuff2, singular, REML");
        new HierarchicalFitter(MixedReference.Options(one)).Fit(MixedReference.Design(one), new() { Warning = warnings.Add });
        Assert.Contains("The fit is singular: the covariance of the coefficients of 'Batch'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_that_diverge_or_disagree_warn()
    {
        var warnings = new List<string>();
        var options = new HierarchicalOptions
        {
            Effects = [new("g", "x1")],
            Inference = HierarchicalInference.Nuts(new() { Chains = 2, Warmup = 20, Draws = 20, TargetAcceptance = 0.2 }),
        };
        var model = new HierarchicalFitter(options).Fit(Design(Names), new() { Warning = warnings.Add });
        Assert.False(model.Converged);
        Assert.NotEmpty(warnings);
        Assert.All(warnings, text => Assert.Matches("transitions diverged|chains disagree", text));
    }

    [Fact]
    public void Columns_that_depend_on_others_are_left_out_and_named()
    {
        var warnings = new List<string>();
        double[] twice = [.. X.SelectMany(x => (double[])[x, 2 * x])];
        var design = new MatrixDesign(twice, Y) { GroupColumns = [GroupColumn.Of("g", Names)] };
        var model = new HierarchicalFitter(new() { Effects = [new("g")] }).Fit(design, new() { Warning = warnings.Add });
        var plain = new HierarchicalFitter(new() { Effects = [new("g")] }).Fit(Design(Names), TrainingMonitor.None);
        Assert.True(model.Coefficients[2].IsPruned);
        Assert.Equal(plain.LogLikelihood, model.LogLikelihood, 1e-9);
        Assert.Contains(warnings, text => text.Contains("1 of 3 coefficients are aliased and left out: 'x2'", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new HierarchicalFitter(new()));
        Assert.Throws<ArgumentException>(() => new HierarchicalFitter(new() { Effects = [new("g"), new("g", "x1")] }));
        Assert.Throws<ArgumentException>(() => new HierarchicalFitter(new() { Effects = [new("g") { Intercept = false }] }));
        Assert.Throws<ArgumentException>(() => new GroupEffect("g", "x", "x"));
        Assert.Throws<ArgumentException>(() => new HierarchicalFitter(
            new() { Effects = [new("g", "x1")], Inference = HierarchicalInference.Quadrature(9) }, PredictionTask.BinaryClassification));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchicalFitter(
            new() { Effects = [new("g")], Inference = HierarchicalInference.RestrictedLikelihood }, PredictionTask.BinaryClassification));
        var gamma = Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchicalFitter(new() { Effects = [new("g")], Family = Families.Gamma }));
        Assert.Contains("Choose HierarchicalInference.Nuts", gamma.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new HierarchicalFitter(new() { Effects = [new("g")], GroupScale = new FlatPrior() }));
    }

    private static MatrixDesign Design(string[] names) => new(X, Y) { GroupColumns = [GroupColumn.Of("g", names)] };

    private static void AssertRefused(string message, string[] names, HierarchicalOptions options)
    {
        var fitter = new HierarchicalFitter(options);
        var error = Assert.Throws<InvalidOperationException>(() => fitter.Fit(Design(names), TrainingMonitor.None));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
