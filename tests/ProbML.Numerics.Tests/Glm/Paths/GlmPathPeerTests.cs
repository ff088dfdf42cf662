namespace ProbML.Tests;

/// <summary>Points of paths by glmnet 4.1.6 in R 4.2.2, <c>thresh = 1e-20, nlambda = 20</c>, its λ sequence included.</summary>
public sealed class GlmPathPeerTests
{
    [Theory]
    [InlineData(1, 0.237294087919, 4, 0.0341335654258031, 0.285384392563, new[]
    {
        -6.8704900289, 0.0647461564833, 0.0275012133669, 0, 0, 0.0491654268549, 0.596483533577, 0.017054856606,
    })]
    [InlineData(1, 0.237294087919, 9, 0.00302377920490088, 0.310529082684, new[]
    {
        -9.34786960911, 0.116266872135, 0.0342757295883, -0.00412771085827, 0.00575181599958, 0.077712197016, 1.22979580775,
        0.0243628557654,
    })]
    [InlineData(0.5, 0.474588175837, 4, 0.0682671308516063, 0.269950830019, new[]
    {
        -6.02675494978, 0.0534362887681, 0.0227782178402, 0, 0.00378494712318, 0.0402127417529, 0.520261924458, 0.0178062930407,
    })]
    public void Logistic_paths_over_standardised_columns(
        double alpha, double first, int k, double lambda, double ratio, double[] expected)
    {
        var design = ReferenceData.Load("pima.csv", "type", ["npreg", "glu", "bp", "skin", "bmi", "ped", "age"], "Yes");
        var path = PathCases.Fit(
            design,
            new() { Family = Families.Bernoulli },
            new() { Alpha = alpha, Standardize = true, Folds = null, LambdaCount = 20, StopEarly = false, Tolerance = 1e-11 });
        AssertPoint(path, first, k, lambda, ratio, expected);
    }

    [Theory]
    [InlineData(4, 37.8449543902074, 0.619738494657, new[]
    {
        905.085106383, 37.1441043571, 0, 0, 261.7402515, 0, 0, 44.4340240096, 0, 0, 0, 0, 0, 61.7839984168, -41.7330805903, 0,
    })]
    [InlineData(9, 3.3525588278869, 0.793730383277, new[]
    {
        905.085106383, 103.24070284, 14.9352232178, 172.764639228, 293.239776491, 0, 0, 51.6570897552, -18.7366936997,
        14.0235350185, -69.8165094533, 114.402485163, 53.7424538885, 247.852205238, -88.104938996, 0,
    })]
    public void A_linear_path(int k, double lambda, double ratio, double[] expected)
    {
        var design = ReferenceData.Load(
            "uscrime_standardised.csv",
            "crime",
            ["M", "So", "Ed", "Po1", "Po2", "LF", "M.F", "Pop", "NW", "U1", "U2", "GDP", "Ineq", "Prob", "Time"]);
        var path = PathCases.Fit(
            design, new(), new() { Standardize = true, Folds = null, LambdaCount = 20, StopEarly = false });
        AssertPoint(path, 263.095396637, k, lambda, ratio, expected);
    }

    [Theory]
    [InlineData(4, 0.138865661576719, 0.186019852706, new[]
    {
        -1.55426195282, 0, 0, 0.0507461341998, 0.139814163672, 0.00377754561149,
    })]
    [InlineData(9, 0.012301647791914, 0.211178605535, new[]
    {
        -1.89520854508, 0, 0, 0.21070368833, 0.132584633179, 0.0279234542558,
    })]
    public void A_poisson_path_over_columns_as_they_are(int k, double lambda, double ratio, double[] expected) =>
        AssertPoint(Visits(standardize: false, weighted: false), 0.965384075646, k, lambda, ratio, expected);

    [Fact]
    public void A_poisson_path_with_weights_and_offsets() => AssertPoint(
        Visits(standardize: true, weighted: true), 0.338734236844, 9, 0.0043164056481147, 0.215315826615, [
            -1.97807616368, 0.42472468273, -0.172435183193, 0.179235118727, 0.129835662231, 0.0353844676385]);

    private static GlmPath Visits(bool standardize, bool weighted)
    {
        var design = ReferenceData.Load("doctorvisits.csv", "visits", ["age", "income", "illness", "reduced", "health"]);
        var rows = PathCases.Rows(design).ToList();
        if (weighted)
            design = new MatrixDesign(
                [.. rows.SelectMany(r => r.X)],
                [.. rows.Select(r => r.Y)],
                weights: [.. rows.Select((_, i) => 1.0 + (i + 1) % 3)],
                offsets: [.. rows.Select(r => 0.1 * r.X[0])]);
        return PathCases.Fit(
            design,
            new() { Family = Families.Poisson },
            new() { Standardize = standardize, Folds = null, LambdaCount = 20, StopEarly = false, Tolerance = 1e-11 });
    }

    /// <summary>To the accuracy that glmnet reaches at its tightest threshold.</summary>
    private static void AssertPoint(GlmPath path, double first, int k, double lambda, double ratio, double[] expected)
    {
        Assert.Equal(first, path.Lambdas[0], 3e-9 * first);
        Assert.Equal(lambda, path.Lambdas[k], 3e-9 * lambda);
        Assert.Equal(ratio, path.DevianceRatios[k], 1e-8);
        PathCases.AssertClose(expected, path.Coefficients[k], 2e-7);
        Assert.Equal(expected.Select(b => b == 0), path.Coefficients[k].Select(b => b == 0));
    }
}
