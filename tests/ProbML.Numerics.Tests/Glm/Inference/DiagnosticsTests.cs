namespace ProbML.Tests;

/// <summary>Golden numbers: R's stats package, by golden.R beside this file.</summary>
public sealed class DiagnosticsTests
{
    [Fact]
    public void Poisson_rows_agree_with_R() => AssertRows(
        "poisson_log_warpbreaks", [1, 5, 54], [5, 9, 24, 37, 29],
        response: [-14.1235380117, 29.8764619883, 8.55701754386],
        working: [-0.3520013117382, 0.7446118530124, 0.440108278818],
        pearson: [-2.229686952579, 4.716605529676, 1.940622132988],
        deviance: [-2.384536110775, 4.26163931118, 1.819392744247],
        leverage: [0.0827403624194, 0.0827403624194, 0.06557113727273],
        standardisedPearson: [-2.32807920019, 4.924741213754, 2.007556875494],
        standardisedDeviance: [-2.489761585219, 4.449698119097, 1.882146117397],
        studentised: [-2.476784471738, 4.490910589009, 1.890624315701],
        cook: [0.12222516872, 0.546930284967, 0.07070370892939],
        dffits: [-0.3663093213464, 0.6776239326034, 0.2426651799092],
        dfbetas: [-0.3663093213464, 0.1866539802603, 0.2043505469313, 0.1925494930909]);

    [Fact]
    public void Gamma_rows_agree_with_R() => AssertRows(
        "gamma_log_clotting", [1, 5, 18], [1, 10, 18, 9, 13],
        response: [24.82484529519, -4.689627478164, 1.969604704579],
        working: [0.266432026583, -0.147986197736, 0.1963636174417],
        pearson: [0.266432026583, -0.147986197736, 0.1963636174417],
        deviance: [0.2458800839822, -0.1559894528977, 0.184807901125],
        leverage: [0.4742179419368, 0.1121623042146, 0.3218968795472],
        standardisedPearson: [2.384108979553, -1.019053483625, 1.547232962039],
        standardisedDeviance: [2.200204395969, -1.074165008738, 1.45618052871],
        studentised: [2.839015468816, -1.105319909728, 1.602991322002],
        cook: [1.281635224247, 0.0327979958752, 0.2841007959291],
        dffits: [2.591326846536, -0.3950877073865, 1.082204058705],
        dfbetas: [2.524031143059, -2.267516276848, -1.784759537183, 1.60337613581]);

    [Theory]
    [InlineData("gaussian"), InlineData("poisson"), InlineData("gamma"), InlineData("tweedie(1.5)"), InlineData("negative-binomial")]
    public void Leverages_sum_to_the_rank_and_squares_to_deviance_and_chi_squared(string family)
    {
        var design = GlmCases.Log(family, n: 1_000, weights: true, offsets: true);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Parse(family), Link = Links.Log });
        var rows = GlmDiagnostics.Rows(design, model).ToList();
        Assert.Equal(1_000, rows.Count);
        Assert.Equal(model.Statistics.Rank, rows.Sum(r => r.Leverage), 1e-8);
        Assert.Equal(1, rows.Sum(r => r.DevianceResidual * r.DevianceResidual) / model.Statistics.Deviance, 1e-10);
        Assert.Equal(1, rows.Sum(r => r.PearsonResidual * r.PearsonResidual) / model.Statistics.PearsonChiSquared, 1e-10);
        Assert.All(rows, r => Assert.Empty(r.Dfbetas));
        Assert.All(rows, r => Assert.Equal(r.Response - r.Mean, r.ResponseResidual, 1e-12));
    }

    [Fact]
    public void In_a_linear_model_leaving_a_row_out_does_what_is_said()
    {
        var design = GlmCases.Log("gaussian", n: 30);
        var model = GlmCases.Fit(design, new());
        var row = GlmDiagnostics.Rows(design, model, dfbetas: true).ElementAt(6);
        double[] weights = [.. Enumerable.Range(0, 30).Select(i => i == 6 ? 0.0 : 1)];
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(30, 3);
        reader.Read(buffer);
        var without = GlmCases.Fit(new MatrixDesign(buffer.Features[..90], buffer.Response[..30], weights: weights), new());
        double sigma = Math.Sqrt(without.Statistics.Dispersion / model.Statistics.Dispersion);
        for (int j = 0; j < 4; j++)
            Assert.Equal(
                (model.Coefficients[j].Estimate - without.Coefficients[j].Estimate) / (sigma * model.Coefficients[j].StandardError),
                row.Dfbetas[j], 1e-9);
        Assert.Equal(7, row.Row);
        double moved = row.LinearPredictor - without.LinearPredictor(buffer.Block.Row(6)).Eta;
        Assert.Equal(moved / Math.Sqrt(without.Statistics.Dispersion * row.Leverage), row.Dffits, 1e-9);
    }

    [Fact]
    public void A_row_of_weight_zero_moves_nothing_and_one_that_is_fitted_exactly_has_no_standardised_residual()
    {
        var design = GlmCases.Of([[1, 0], [2, 0], [3, 0], [4, 0], [1000, 0], [2, 1]], [1, 3, 2, 5, -1000, 4], [1, 1, 1, 1, 0, 1]);
        var rows = GlmDiagnostics.Rows(design, GlmCases.Fit(design, new())).ToList();
        Assert.Equal((0, 0, 0), (rows[4].CooksDistance, rows[4].Leverage, rows[4].PearsonResidual));
        Assert.Equal(1, rows[5].Leverage);
        Assert.False(double.IsFinite(rows[5].StandardisedDeviance));
    }

    [Fact]
    public void What_cannot_be_diagnosed_is_refused_at_once()
    {
        var design = GlmCases.Log("poisson", n: 50);
        var lasso = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson, L1 = 1 });
        Assert.Throws<ArgumentException>(() => GlmDiagnostics.Rows(design, lasso));
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        Assert.Throws<ArgumentException>(() => GlmDiagnostics.Rows(GlmCases.Log("poisson", d: 2), model));
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmDiagnostics.MostInfluential(design, model, 0));
        Assert.Equal(50, GlmDiagnostics.MostInfluential(design, model, 100).Count);
    }

    private static void AssertRows(
        string id, int[] numbers, long[] largest, double[] response, double[] working, double[] pearson, double[] deviance,
        double[] leverage, double[] standardisedPearson, double[] standardisedDeviance, double[] studentised, double[] cook,
        double[] dffits, double[] dfbetas)
    {
        var golden = ReferenceCase.Load(id);
        var design = golden.Design();
        var model = GlmCases.Fit(design, golden.Options());
        var rows = GlmDiagnostics.Rows(design, model, dfbetas: true).ToList();
        for (int k = 0; k < numbers.Length; k++)
        {
            var row = rows[numbers[k] - 1];
            Assert.Equal(numbers[k], row.Row);
            Close(response[k], row.ResponseResidual);
            Close(working[k], row.WorkingResidual);
            Close(pearson[k], row.PearsonResidual);
            Close(deviance[k], row.DevianceResidual);
            Close(leverage[k], row.Leverage);
            Close(standardisedPearson[k], row.StandardisedPearson);
            Close(standardisedDeviance[k], row.StandardisedDeviance);
            Close(studentised[k], row.Studentised);
            Close(cook[k], row.CooksDistance);
            Close(dffits[k], row.Dffits);
        }
        for (int j = 0; j < dfbetas.Length; j++)
            Close(dfbetas[j], rows[0].Dfbetas[j]);
        Assert.Equal(largest, GlmDiagnostics.MostInfluential(design, model, 5).Select(r => r.Row));

        static void Close(double expected, double found) => Assert.Equal(1, found / expected, 1e-8);
    }
}
