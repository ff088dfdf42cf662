namespace ProbML.Tests;

/// <summary>Golden numbers: R's sandwich package, by golden.R beside this file; R stops at 1e-8 of the estimates.</summary>
public sealed class RobustTests
{
    public static TheoryData<string, string, double[]> Golden => new()
    {
        { "poisson_log_warpbreaks", "HC0", [0.1165781668412, 0.1043213591586, 0.1289560226862, 0.124924396333] },
        { "poisson_log_warpbreaks", "HC1", [0.1211515848133, 0.1084139366264, 0.1340150299407, 0.1298252409322] },
        { "poisson_log_warpbreaks", "HC2", [0.1216487925314, 0.1085686127359, 0.1342366475652, 0.1300537541895] },
        { "poisson_log_warpbreaks", "HC3", [0.1269407379407, 0.1129907679922, 0.1397358871721, 0.1353959058842] },
        { "poisson_log_warpbreaks", "GroupsAndRows", [0.108834240584, 0.09298279290718, 0.1072170583158, 0.09922144936802] },
        { "poisson_log_warpbreaks", "Groups", [0.1057091592196, 0.09031287219324, 0.1041384129456, 0.09637239101375] },
        { "gamma_log_clotting", "HC0", [0.2404449353937, 0.06578232437989, 0.3369552338936, 0.09269358317029] },
        { "gamma_log_clotting", "HC1", [0.2726389298815, 0.0745901447027, 0.3820713222189, 0.1051046439429] },
        { "gamma_log_clotting", "HC2", [0.3229646192796, 0.08775436430225, 0.4517927021063, 0.1233707431064] },
        { "gamma_log_clotting", "HC3", [0.4369467122223, 0.1179340627741, 0.6103464853188, 0.1654546561694] },
        { "gamma_log_clotting", "GroupsAndRows", [0.2665816245648, 0.07003526268799, 0.4003189934987, 0.1059449281247] },
        { "gamma_log_clotting", "Groups", [0.2419188823429, 0.06355596527603, 0.3632835670723, 0.0961434556627] },
    };

    [Theory, MemberData(nameof(Golden))]
    public void Standard_errors_agree_with_sandwich(string id, string name, double[] expected)
    {
        var golden = ReferenceCase.Load(id);
        var design = golden.Design();
        var model = GlmCases.Fit(design, golden.Options());
        var found = Enum.TryParse(name, out RobustKind kind)
            ? GlmRobust.Covariance(design, model, kind)
            : GlmRobust.ClusterCovariance(
                design, model, [.. Enumerable.Range(0, 100).Select(i => i % 7)], Enum.Parse<ClusterCorrection>(name));
        for (int j = 0; j < expected.Length; j++)
        {
            Assert.Equal(1, found.Coefficients[j].StandardError / expected[j], 1e-8);
            Assert.Equal(Math.Sqrt(found.Covariance[j, j]), found.Coefficients[j].StandardError);
            Assert.Equal(model.Coefficients[j].Estimate, found.Coefficients[j].Estimate);
        }
    }

    [Fact]
    public void Clusters_of_one_row_are_HC0()
    {
        var design = GlmCases.Log("poisson", weights: true);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        var plain = GlmRobust.Covariance(design, model, RobustKind.HC0);
        var alone = GlmRobust.ClusterCovariance(design, model, row => row, ClusterCorrection.None);
        Assert.Equal(400, alone.Clusters);
        foreach (int j in new[] { 0, 1, 2, 3 })
            Assert.Equal(1, alone.Covariance[j, 0] / plain.Covariance[j, 0], 1e-9);
    }

    [Fact]
    public void A_right_model_has_nearly_the_same_covariance_either_way()
    {
        var design = GlmCases.Log("poisson", n: 20_000);
        var model = GlmCases.Fit(design, new GlmOptions { Family = Families.Poisson });
        foreach (var kind in Enum.GetValues<RobustKind>())
        {
            var found = GlmRobust.Covariance(design, model, kind);
            for (int j = 0; j < 4; j++)
                Assert.Equal(1, found.Coefficients[j].StandardError / model.Coefficients[j].StandardError, 0.05);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_aliased_coefficients_stay()
    {
        double[][] rows = [.. Enumerable.Range(0, 5_000).Select(i => (double[])[i % 13, 2.0 * (i % 13), i * i % 17])];
        var design = GlmCases.Of(rows, [.. rows.Select((r, i) => (double)((i * 31 + (int)r[0]) % 6))]);
        var options = new GlmOptions { Family = Families.Poisson };
        var (one, many) = (GlmCases.Fit(design, options with { NumberOfThreads = 1 }), GlmCases.Fit(design, options with { NumberOfThreads = 4 }));
        foreach (var find in new Func<GlmModel, RobustCovariance>[]
        {
            m => GlmRobust.Covariance(design, m, RobustKind.HC3),
            m => GlmRobust.ClusterCovariance(design, m, row => row % 50),
        })
        {
            Assert.Equal(find(one).Covariance, find(many).Covariance);
            Assert.Equal(3, find(one).Covariance.GetLength(0));
            Assert.True(find(one).Coefficients[2].IsAliased);
        }
    }

    [Theory]
    [InlineData("poisson_log_warpbreaks"), InlineData("gamma_log_clotting")]
    public void A_kept_sandwich_is_what_the_model_says_and_saves(string id)
    {
        var golden = ReferenceCase.Load(id);
        var design = golden.Design();
        var model = GlmCases.Fit(design, golden.Options());
        foreach (var robust in (RobustCovariance[])
            [GlmRobust.Covariance(design, model, RobustKind.HC3), GlmRobust.ClusterCovariance(design, model, row => row % 6)])
        {
            var kept = model.WithCovariance(robust);
            byte[] bytes = VectorReference.Saved(kept);
            var loaded = VectorReference.Loaded<GlmModel>(bytes);
            Assert.Equal(bytes, VectorReference.Saved(loaded));
            Assert.Equal(robust.Coefficients, loaded.Coefficients);
            Assert.Equal(robust.Covariance, loaded.Covariance);
            Assert.Equal((robust.Name, robust.Clusters), (loaded.Robust!.Name, loaded.Robust.Clusters));
            Assert.Contains("Standard errors: ", loaded.ToString(), StringComparison.Ordinal);
            double[] row = VectorReference.Rows(design, 3).Last();
            double variance = 0;
            double[] x = [1, .. row];
            for (int i = 0; i < x.Length; i++)
            {
                for (int j = 0; j < x.Length; j++)
                    variance += x[i] * robust.Covariance[i, j] * x[j];
            }
            Assert.Equal(Math.Sqrt(variance), loaded.LinearPredictor(row).StandardError, 1e-9);

            // What follows from the fit itself does not change: other sandwiches, leverages, the model's own covariance.
            Assert.Equal(GlmRobust.Covariance(design, model).Covariance, GlmRobust.Covariance(design, loaded).Covariance);
            Assert.Equal(
                GlmDiagnostics.Rows(design, model, dfbetas: true).SelectMany(r => r.Dfbetas),
                GlmDiagnostics.Rows(design, loaded, dfbetas: true).SelectMany(r => r.Dfbetas));
            Assert.Equal(VectorReference.Saved(model), VectorReference.Saved(loaded.WithCovariance(null)));
        }
        var other = GlmCases.Fit(GlmCases.Log("poisson"), new GlmOptions { Family = Families.Poisson });
        Assert.Throws<ArgumentException>(() => other.WithCovariance(GlmRobust.Covariance(design, model)));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var design = GlmCases.Log("poisson", n: 50);
        var options = new GlmOptions { Family = Families.Poisson };
        var model = GlmCases.Fit(design, options);
        Assert.Contains("row 11", Assert.Throws<ArgumentException>(
            () => GlmRobust.ClusterCovariance(design, model, new int[10])).Message, StringComparison.Ordinal);
        Assert.Contains("two at least", Assert.Throws<InvalidOperationException>(
            () => GlmRobust.ClusterCovariance(design, model, new int[50])).Message, StringComparison.Ordinal);
        Assert.Contains("50", Assert.Throws<InvalidOperationException>(
            () => GlmRobust.Covariance(GlmCases.Log("poisson", n: 60), model)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GlmRobust.Covariance(GlmCases.Log("poisson", n: 50, d: 2), model));
        Assert.Throws<ArgumentException>(() => GlmRobust.Covariance(design, GlmCases.Fit(design, options with { L1 = 1 })));
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmRobust.Covariance(design, model, (RobustKind)9));
    }
}
