namespace ProbML.Tests;

/// <summary>What the points of a penalty path must be, whatever way they were found.</summary>
public sealed class GlmPathTests
{
    public static TheoryData<string> Golden =>
    [
        "bernoulli_logit_pima_lasso", "bernoulli_logit_pima_elastic_net", "gaussian_identity_uscrime_lasso",
        "gaussian_identity_uscrime_elastic_net", "poisson_log_doctorvisits_lasso",
    ];

    [Theory, MemberData(nameof(Golden))]
    public void A_path_passes_through_the_reference_fit(string id)
    {
        var golden = ReferenceCase.Load(id);
        var (options, design) = (golden.Options(), golden.Design());
        double total = golden.Results.GetProperty("sum_of_weights").GetDouble(), penalty = options.L1 + options.L2;
        double lambda = penalty / total;
        var path = PathCases.Fit(
            design, options with { L1 = 0, L2 = 0 }, new() { Alpha = options.L1 / penalty, Folds = null, LambdaCount = 20 });
        var model = path.At(lambda);
        double[] expected = [.. golden.Results.GetProperty("coefficients").EnumerateArray().Select(e => e.GetDouble())];
        Assert.True(model.Converged);
        Assert.Same(path, GlmPath.Of(model));
        Assert.Equal(options.L1, model.Options.L1, 1e-9);
        for (int j = 0; j < expected.Length; j++)
        {
            double found = model.Coefficients[j].Estimate;
            Assert.Equal(expected[j] == 0, found == 0);
            Assert.True(Math.Abs(found - expected[j]) <= 1e-8 * Math.Abs(expected[j]) + 1e-12, $"{j}: {found:R} {expected[j]:R}");
        }
        var along = PathCases.Fit(
            design,
            options with { L1 = 0, L2 = 0 },
            new() { Alpha = options.L1 / penalty, Folds = null, Lambdas = [lambda, 3 * lambda, 10 * lambda] });
        PathCases.AssertClose(expected, along.Coefficients[2], 1e-7);
        Assert.Equal(expected.Skip(1).Count(b => b != 0), along.NonZeroCounts[2]);
    }

    [Theory]
    [InlineData("bernoulli_logit_pima_lasso", 1), InlineData("bernoulli_logit_pima_lasso", 0.5)]
    [InlineData("bernoulli_probit_pima_ridge", 0.9), InlineData("bernoulli_logit_pima_lasso", 0)]
    [InlineData("gaussian_identity_uscrime_lasso", 1), InlineData("gaussian_identity_uscrime_lasso", 0.3)]
    [InlineData("poisson_log_doctorvisits_lasso", 1), InlineData("poisson_log_insurance_offset", 0.7)]
    public void Every_point_obeys_the_optimality_conditions(string id, double alpha)
    {
        var golden = ReferenceCase.Load(id);
        var options = golden.Options() with { L1 = 0, L2 = 0 };
        var design = golden.Design();
        var path = PathCases.Fit(design, options, new() { Alpha = alpha, Folds = null, LambdaCount = 15, Tolerance = 1e-9 });
        Assert.True(path.Converged);
        for (int k = 0; k < path.Lambdas.Count; k++)
        {
            var (gradient, weights) = PathCases.Gradient(design, options, path.Coefficients[k]);
            double unit = weights * path.Lambdas[k], l1 = unit * alpha, l2 = unit * (1 - alpha);
            double slack = 1e-5 * unit + 1e-9 * weights * path.Lambdas[0];
            Assert.InRange(Math.Abs(gradient[0]), 0, slack);
            for (int j = 1; j < gradient.Length; j++)
            {
                double beta = path.Coefficients[k][j], pull = gradient[j] - l2 * beta;
                Assert.InRange(beta == 0 ? Math.Abs(pull) - l1 : Math.Abs(pull - l1 * Math.Sign(beta)), double.MinValue, slack);
            }
        }
    }

    [Theory]
    [InlineData("gaussian", 1), InlineData("poisson", 1), InlineData("gamma", 0.5), InlineData("tweedie(1.5)", 0.2)]
    public void The_first_lambda_is_the_smallest_without_coefficients(string family, double alpha)
    {
        var design = GlmCases.Log(family, n: 200, weights: true, offsets: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = family == "gaussian" ? Links.Identity : Links.Log };
        double first = PathCases.Fit(design, options, new() { Alpha = alpha, Folds = null, LambdaCount = 2 }).Lambdas[0];
        var path = PathCases.Fit(design, options, new() { Alpha = alpha, Folds = null, Lambdas = [first, 0.9999 * first] });
        Assert.Equal([0, 1], path.NonZeroCounts);
        Assert.InRange(path.DevianceRatios[0], -1e-9, 1e-9);
        Assert.InRange(path.DevianceRatios[1], 1e-12, 1e-2);
    }

    [Theory]
    [InlineData("gaussian"), InlineData("poisson"), InlineData("gamma"), InlineData("negative-binomial(2)")]
    public void At_lambda_zero_the_path_ends_at_the_maximum_likelihood_estimate(string family)
    {
        var design = GlmCases.Log(family, n: 200, weights: true, offsets: true);
        var options = new GlmOptions { Family = Families.Parse(family), Link = family == "gaussian" ? Links.Identity : Links.Log };
        var model = GlmCases.Fit(design, options);
        var path = PathCases.Fit(design, options, new() { Folds = null, Lambdas = [0.1, 0, 0.01] });
        double[] expected = [.. model.Coefficients.Select(c => c.Estimate)];
        PathCases.AssertClose(expected, path.Coefficients[2], 1e-6);
        PathCases.AssertClose(expected, [.. path.At(0).Coefficients.Select(c => c.Estimate)], 1e-12);
        Assert.Equal(1 - model.Statistics.Deviance / model.Statistics.NullDeviance, path.DevianceRatios[2], 1e-9);
    }

    [Theory]
    [InlineData(1), InlineData(0.4)]
    public void Linear_regression_agrees_with_a_search_over_all_sign_patterns(double alpha)
    {
        var (design, x, y) = PathCases.Linear(n: 30, d: 4);
        var path = PathCases.Fit(design, new(), new() { Alpha = alpha, Folds = null, LambdaCount = 15, LambdaRatio = 1e-3 });
        for (int k = 0; k < path.Lambdas.Count; k++)
        {
            double[] expected = PathCases.SearchSigns(x, y, 4, 30 * path.Lambdas[k] * alpha, 30 * path.Lambdas[k] * (1 - alpha));
            PathCases.AssertClose(expected, path.Coefficients[k].Skip(1), 1e-9);
            Assert.Equal(expected.Count(b => b != 0), path.NonZeroCounts[k]);
        }
    }

    [Fact]
    public void Standardising_is_as_if_the_columns_had_been_divided_by_their_deviations()
    {
        var (design, x, y) = PathCases.Linear(n: 50, d: 3);
        double[] deviations = [.. Enumerable.Range(0, 3).Select(j => PathCases.Deviation(x, 3, j))];
        var scaled = new MatrixDesign([.. x.Select((value, i) => value / deviations[i % 3])], y);
        var path = PathCases.Fit(design, new(), new() { Standardize = true, Folds = null, LambdaCount = 10 });
        var other = PathCases.Fit(scaled, new(), new() { Folds = null, LambdaCount = 10 });
        PathCases.AssertClose(other.Lambdas, path.Lambdas, 1e-9);
        for (int k = 0; k < path.Lambdas.Count; k++)
            PathCases.AssertClose(
                other.Coefficients[k].Skip(1).Select((b, j) => b / deviations[j]), path.Coefficients[k].Skip(1), 1e-8);
        double lambda = path.Lambdas[5];
        PathCases.AssertClose(path.Coefficients[5], path.At(lambda).Coefficients.Select(c => c.Estimate), 1e-8);
    }

    [Fact]
    public void More_features_than_rows_are_no_obstacle()
    {
        var (design, _, _) = PathCases.Linear(n: 20, d: 40);
        var path = PathCases.Fit(design, new(), new() { Folds = null });
        Assert.True(path.Converged);
        Assert.Equal(1e-2, path.Lambdas[99 < path.Lambdas.Count ? 99 : ^1] / path.Lambdas[0], 0.99);
        Assert.InRange(path.NonZeroCounts.Max(), 1, 20);
        Assert.True(path.DevianceRatios.Zip(path.DevianceRatios.Skip(1)).All(pair => pair.Second >= pair.First - 1e-12));
    }

    [Fact]
    public void A_constant_column_gets_nothing_and_harms_nobody()
    {
        var (_, x, y) = PathCases.Linear(n: 30, d: 2);
        double[] wide = [.. Enumerable.Range(0, 30).SelectMany(i => (double[])[x[2 * i], 7, x[2 * i + 1]])];
        var path = PathCases.Fit(new MatrixDesign(wide, y), new(), new() { Folds = null, Lambdas = [0.3, 0.01, 0] });
        var without = PathCases.Fit(new MatrixDesign(x, y), new(), new() { Folds = null, Lambdas = [0.3, 0.01, 0] });
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(0, path.Coefficients[k][2]);
            PathCases.AssertClose(without.Coefficients[k], [.. path.Coefficients[k].Where((_, j) => j != 2)], 1e-9);
        }
    }

    [Fact]
    public void Between_its_points_a_path_is_interpolated_and_prints_as_a_table()
    {
        var (design, _, _) = PathCases.Linear(n: 30, d: 2);
        var path = PathCases.Fit(design, new(), new() { Folds = null, Lambdas = [1, 0.5, 0.25] });
        PathCases.AssertClose(
            path.Coefficients[0].Zip(path.Coefficients[1], (a, b) => (a + b) / 2), path.CoefficientsAt(0.75), 1e-12);
        Assert.Same(path.Coefficients[0], path.CoefficientsAt(5));
        Assert.Same(path.Coefficients[2], path.CoefficientsAt(0));
        Assert.Contains("%Dev", path.ToString(), StringComparison.Ordinal);
        Assert.Equal(3 + 3, path.ToString().TrimEnd().Split('\n').Length);
        Assert.Equal(["(Intercept)", "x1", "x2"], path.CoefficientNames);
    }
}
