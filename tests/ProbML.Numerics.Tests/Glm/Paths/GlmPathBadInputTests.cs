namespace ProbML.Tests;

/// <summary>What a path says of options and data that do not allow one.</summary>
public sealed class GlmPathBadInputTests
{
    public static TheoryData<string, GlmPathOptions> Bad => new()
    {
        { "Alpha", new() { Alpha = -0.1 } },
        { "Alpha", new() { Alpha = 1.1 } },
        { "Alpha", new() { Alpha = double.NaN } },
        { "Lambdas", new() { Lambdas = [1, -1] } },
        { "Lambdas", new() { Lambdas = [double.PositiveInfinity] } },
        { "Lambdas", new() { Lambdas = [] } },
        { "LambdaCount", new() { LambdaCount = 0 } },
        { "LambdaRatio", new() { LambdaRatio = 1 } },
        { "Folds", new() { Folds = 1 } },
        { "Folds", new() { Folds = -3 } },
        { "Tolerance", new() { Tolerance = 0 } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void An_option_out_of_range_is_named(string name, GlmPathOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new GlmPathFitter(options));
        Assert.Equal(name, error.ParamName);
    }

    [Fact]
    public void Penalties_belong_to_the_path()
    {
        foreach (var options in (GlmOptions[])[new() { L1 = 1 }, new() { L2 = 1 }, new() { PenaliseIntercept = true }])
            Assert.Throws<ArgumentOutOfRangeException>(() => new GlmPathFitter(new(), options));
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new GlmPathFitter(new(), new() { Family = Families.NegativeBinomial() }));
        Assert.Contains("NegativeBinomial(theta)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_need_rows()
    {
        var (design, _, _) = PathCases.Linear(n: 9, d: 2);
        var error = Assert.Throws<InvalidOperationException>(() => PathCases.Fit(design, new(), new() { Folds = 10 }));
        Assert.Contains("10 folds need as many rows, but there are 9", error.Message, StringComparison.Ordinal);
        Assert.Equal(9, PathCases.Fit(design, new(), new() { Folds = 9 }).CrossValidation!.Folds);
        error = Assert.Throws<InvalidOperationException>(
            () => new GlmPathFitter(new() { Folds = null }).Fit(design, TrainingMonitor.None));
        Assert.Contains("set Folds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_whose_rows_all_weigh_nothing_is_named()
    {
        var (_, x, y) = PathCases.Linear(n: 40, d: 2);
        double[] weights = new double[40];
        weights[0] = weights[4] = weights[8] = weights[12] = 1;
        var error = Assert.Throws<InvalidOperationException>(
            () => PathCases.Fit(new MatrixDesign(x, y, weights: weights), new(), new() { Folds = 4, Seed = 2, Lambdas = [1] }));
        Assert.Contains("holds no row of positive weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_that_does_not_vary_has_no_path()
    {
        var design = new MatrixDesign([1, 2, 3, 4, 5], [2, 2, 2, 2, 2], responseName: "Cost");
        var error = Assert.Throws<InvalidOperationException>(() => PathCases.Fit(design, new(), new() { Folds = null }));
        Assert.Contains("No feature is related to 'Cost'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_outside_the_domain_is_explained()
    {
        var options = new GlmOptions { Family = Families.Gamma, Link = Links.Reciprocal, Intercept = false };
        var error = Assert.Throws<InvalidOperationException>(() => PathCases.Fit(GlmCases.Log("gamma", 50), options, new()));
        Assert.Contains("Add an intercept", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_lambda_is_nowhere_on_a_path()
    {
        var (design, _, _) = PathCases.Linear(n: 20, d: 2);
        var path = PathCases.Fit(design, new(), new() { Folds = null, Lambdas = [1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => path.At(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => path.CoefficientsAt(double.NaN));
    }
}
