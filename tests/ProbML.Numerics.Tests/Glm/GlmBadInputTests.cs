namespace ProbML.Tests;

/// <summary>What a fit says of data and options that do not allow one.</summary>
public sealed class GlmBadInputTests
{
    [Theory]
    [InlineData("poisson", -2, "≥ 0")]
    [InlineData("negative-binomial", -1, "≥ 0")]
    [InlineData("gamma", 0, "> 0")]
    [InlineData("inverse-gaussian", -0.5, "> 0")]
    [InlineData("tweedie(1.5)", -1, "≥ 0")]
    public void An_impossible_response_names_row_value_and_rule(string family, double bad, string rule)
    {
        var design = new MatrixDesign([1, 2, 3, 4, 5, 6], [1, 2, 3, bad, 1, bad], responseName: "Claims");
        var error = Assert.Throws<InvalidOperationException>(
            () => GlmCases.Fit(design, new GlmOptions { Family = Families.Parse(family), Link = Links.Log }));
        Assert.Contains("row 4 of 'Claims' is " + bad.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.Contains("another family", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void One_class_alone_cannot_be_told_apart(double label)
    {
        var design = new MatrixDesign([1, 2, 3], [label, label, label], responseName: "Died");
        var error = Assert.Throws<InvalidOperationException>(() => GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli }));
        Assert.Contains("All 3 rows of 'Died' are of one class", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_are_all_zero_have_no_mean_on_the_log_scale()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => GlmCases.Fit(new MatrixDesign([1, 2, 3], [0, 0, 0]), new GlmOptions { Family = Families.Poisson }));
        Assert.Contains("All 3 responses in 'y' are zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_is_no_fit()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => GlmCases.Fit(new MatrixDesign([], [], ["x"]), new GlmOptions()));
        Assert.Contains("No valid training instances", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(
            () => GlmCases.Fit(new MatrixDesign([1, 2], [1, 2], weights: [0, 0]), new GlmOptions()));
        Assert.Contains("weight zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_column_is_aliased_with_the_intercept()
    {
        var warnings = new List<string>();
        var model = GlmCases.Fit(
            GlmCases.Of([[7, 1], [7, 2], [7, 3], [7, 5]], [1, 2, 4, 5], names: ["seven", "x"]), new GlmOptions(), warnings.Add);
        Assert.True(model.Coefficients[1].IsAliased);
        Assert.Equal("it is constant, 7", model.Coefficients[1].Aliasing);
        Assert.False(model.Coefficients[2].IsAliased);
        Assert.True(model.Converged);
        Assert.Contains("seven (it is constant, 7)", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_zeros_is_aliased_without_an_intercept_too()
    {
        var model = GlmCases.Fit(GlmCases.Of([[0, 1], [0, 2], [0, 3]], [1, 2, 4]), new GlmOptions { Intercept = false });
        Assert.True(model.Coefficients[0].IsAliased);
        Assert.Equal(17.0 / 14, model.Coefficients[1].Estimate, 1e-12);
    }

    [Fact]
    public void A_dependent_column_says_what_it_is_made_of()
    {
        var random = new Random(1);
        double[][] rows = [.. Enumerable.Range(0, 40).Select(_ =>
        {
            double a = random.NextDouble(), b = random.NextDouble();
            return (double[])[a, b, 2 * a - 3 * b + 0.5, random.NextDouble()];
        })];
        var model = GlmCases.Fit(
            GlmCases.Of(rows, [.. rows.Select(r => r[0] + random.NextDouble())], names: ["a", "b", "c", "d"]), new GlmOptions());
        Assert.Equal([3], Enumerable.Range(0, 5).Where(j => model.Coefficients[j].IsAliased));
        Assert.Equal("it equals 0.5 + 2·a - 3·b", model.Coefficients[3].Aliasing);
    }

    [Fact]
    public void Nearly_dependent_columns_are_estimated_as_by_orthogonal_factors()
    {
        // y = 1 + 2 a + 3 (b − a) exactly, b − a of the order 1e-8: a cross-product alone cannot see it.
        var random = new Random(2);
        double[][] rows = [.. Enumerable.Range(0, 60).Select(_ =>
        {
            double a = random.Next(1 << 20) / 1024.0, e = random.Next(1 << 10) / (double)(1L << 36);
            return (double[])[a, a + e];
        })];
        var model = GlmCases.Fit(GlmCases.Of(rows, [.. rows.Select(r => 1 + 2 * r[0] + 3e8 * (r[1] - r[0]))]), new GlmOptions());
        Assert.All(model.Coefficients, c => Assert.False(c.IsAliased));
        Assert.Equal(1, model.Coefficients[2].Estimate / 3e8, 1e-6);
        Assert.Equal(1, model.Coefficients[1].Estimate / (2 - 3e8), 1e-6);
    }

    [Fact]
    public void More_columns_than_rows_alias_the_rest_and_warn()
    {
        var random = new Random(3);
        double[][] rows = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 6).Select(_ => random.NextDouble()).ToArray())];
        var warnings = new List<string>();
        var model = GlmCases.Fit(GlmCases.Of(rows, [1, 3, 2, 5]), new GlmOptions(), warnings.Add);
        Assert.Equal(3, model.Coefficients.Count(c => c.IsAliased));
        Assert.Contains(warnings, w => w.Contains("saturated", StringComparison.Ordinal));
        Assert.True(double.IsNaN(model.Coefficients[1].StandardError));
    }

    [Theory]
    [InlineData("logit"), InlineData("probit"), InlineData("cloglog"), InlineData("cauchit")]
    public void Perfect_separation_is_named_with_the_coefficient_that_runs_away(string link)
    {
        double[][] rows = [.. Enumerable.Range(0, 40).Select(i => (double[])[i, i % 3])];
        var design = GlmCases.Of(rows, [.. rows.Select(r => r[0] >= 20 ? 1.0 : 0.0)], names: ["age", "noise"]);
        var warnings = new List<string>();
        var options = new GlmOptions { Family = Families.Bernoulli, Link = Links.Parse(link) };
        var model = GlmCases.Fit(design, options, warnings.Add);
        Assert.False(model.Converged);
        Assert.Equal(Fitting.GlmStatus.Separated, model.Statistics.Status);
        Assert.Contains("Perfect separation", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("'age'", warnings[0], StringComparison.Ordinal);

        var ridge = GlmCases.Fit(design, options with { L2 = 0.1 }, warnings.Add);
        Assert.True(ridge.Converged);
        Assert.Single(warnings);
        Assert.True(double.IsFinite(ridge.Coefficients[1].StandardError));
    }

    [Fact]
    public void Quasi_complete_separation_is_told_from_perfect()
    {
        double[][] rows = [.. Enumerable.Range(0, 60).Select(i => (double[])[i % 2, (i * 7) % 10])];
        double[] y = [.. rows.Select((r, i) => r[0] == 1 ? 1.0 : i % 4 == 0 ? 1.0 : 0.0)];
        var warnings = new List<string>();
        var model = GlmCases.Fit(GlmCases.Of(rows, y, names: ["group", "x"]), new GlmOptions { Family = Families.Bernoulli }, warnings.Add);
        Assert.False(model.Converged);
        Assert.Contains("Quasi-complete separation", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("'group'", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_without_overdispersion_say_that_theta_runs_away()
    {
        double[] y = [.. Enumerable.Range(0, 50).Select(i => 3.0 + i % 2)];
        var warnings = new List<string>();
        var model = GlmCases.Fit(
            new MatrixDesign([.. y.Select((_, i) => (double)(i % 5))], y), new GlmOptions { Family = Families.NegativeBinomial() }, warnings.Add);
        Assert.False(model.Converged);
        Assert.Contains("Use the Poisson family", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        foreach (var (options, name) in new (GlmOptions, string)[]
        {
            (new() { L2 = -1 }, "L2"), (new() { L1 = double.NaN }, "L1"), (new() { Level = 1 }, "Level"),
            (new() { MaximumIterations = 0 }, "MaximumIterations"), (new() { Tolerance = 0 }, "Tolerance"),
            (new() { NumberOfThreads = 0 }, "NumberOfThreads"), (new() { Family = Families.Bernoulli }, "options"),
        })
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new GlmFitter(options)).ParamName);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(3), InlineData(20), InlineData(200)]
    public void A_model_cut_short_is_a_format_exception_or_an_end_of_stream(int length)
    {
        using var stream = new MemoryStream();
        GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson }).Write(new BinaryWriter(stream));
        byte[] cut = stream.ToArray()[..length];
        var error = Record.Exception(() => GlmModel.Read(new BinaryReader(new MemoryStream(cut))));
        Assert.True(error is FormatException or EndOfStreamException, error?.GetType().Name);
    }

    [Fact]
    public void Nested_models_must_be_nested_and_see_the_same_rows()
    {
        var full = GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson });
        Assert.Throws<ArgumentException>(() => LikelihoodRatioTest.Compare(full, full));
        var fewer = GlmCases.Fit(GlmCases.Log("poisson", n: 50, d: 2), new GlmOptions { Family = Families.Poisson });
        Assert.Contains("same rows", Assert.Throws<ArgumentException>(() => LikelihoodRatioTest.Compare(fewer, full)).Message, StringComparison.Ordinal);
    }
}
