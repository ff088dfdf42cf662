namespace ProbML.Tests;

/// <summary>
/// Golden numbers: R, by golden.R beside this file, from numerical derivatives (HC0 of Tobit: sandwich of survreg, to all
/// digits).
/// </summary>
public sealed class VectorRobustTests
{
    public static TheoryData<string, string, double[]> Golden => new()
    {
        { "tobit_identity_tobin", "HC0", [16.61182151713, 0.1534470856176, 0.06422494149421, 0.2390229985192] },
        { "tobit_identity_tobin", "HC1", [18.57258107483, 0.1715590572482, 0.07180566752362, 0.267235836527] },
        { "tobit_identity_tobin", "Groups", [18.39228976742, 0.2040171870452, 0.05710950740923, 0.2403481552275] },
        { "tobit_identity_tobin", "GroupsAndRows", [20.04253310913, 0.2223225752689, 0.06223364287805, 0.2619133299758] },
        { "ordinal_logit_wine", "HC0", [0.5232385733048, 0.4531059646154, 0.5433932891327, 0.6833167752897, 0.485559542142, 0.490246235084] },
        { "ordinal_logit_wine", "HC1", [0.546504866079, 0.4732537453188, 0.5675557802057, 0.7137010951058, 0.507150401538, 0.5120454926671] },
        { "ordinal_logit_wine", "Groups", [0.4881236318267, 0.7087850642633, 0.7862111910651, 0.8857824863391, 0.7220221422479, 0.5254127481134] },
        { "ordinal_logit_wine", "GroupsAndRows", [0.5062756506975, 0.7351428945812, 0.815448292992, 0.9187223797577, 0.7488722242695, 0.5449514499849] },
        { "multinomial_softmax_womenlf", "HC0", [0.6234266255468, 0.02465660813427, 0.4724534593093, 0.4885957297092, 0.0275354883669, 0.3612622178025] },
        { "multinomial_softmax_womenlf", "HC1", [0.6306619930225, 0.02494276790552, 0.4779366617476, 0.4942662761804, 0.02785505985902, 0.3654549564405] },
        { "multinomial_softmax_womenlf", "Groups", [0.8736779668791, 0.02587542617771, 0.7385846655971, 0.7347534552413, 0.03002393756861, 0.4449121500537] },
        { "multinomial_softmax_womenlf", "GroupsAndRows", [0.8821358404314, 0.02612592017095, 0.7457347322648, 0.7418664328511, 0.03031459233744, 0.4492192412815] },
    };

    public static TheoryData<string> Ids => ["tobit_identity_tobin", "ordinal_logit_wine", "multinomial_softmax_womenlf"];

    [Theory, MemberData(nameof(Golden))]
    public void Standard_errors_agree_with_R(string id, string name, double[] expected)
    {
        var (design, model) = Fit(id);
        var found = Enum.TryParse(name, out RobustKind kind)
            ? GlmRobust.Covariance(design, model, kind)
            : GlmRobust.ClusterCovariance(
                design, model, [.. Enumerable.Range(0, 300).Select(i => i % 7)], Enum.Parse<ClusterCorrection>(name));
        bool exact = id.StartsWith("tobit", StringComparison.Ordinal) && kind == RobustKind.HC0 && name == "HC0";
        for (int j = 0; j < expected.Length; j++)
        {
            Assert.Equal(1, found.Coefficients[j].StandardError / expected[j], exact ? 1e-9 : 5e-8);
            Assert.Equal(Math.Sqrt(found.Covariance[j, j]), found.Coefficients[j].StandardError);
            Assert.Equal(model.Coefficients[j].Estimate, found.Coefficients[j].Estimate);
        }
    }

    [Fact]
    public void Two_classes_have_the_sandwich_of_the_binary_logit()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [0.3], weights: true);
        var two = new MultinomialFitter(["no", "yes"]).Fit(design, TrainingMonitor.None);
        var binary = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli });
        foreach (var kind in new[] { RobustKind.HC0, RobustKind.HC1 })
            AssertSame(GlmRobust.Covariance(design, binary, kind), GlmRobust.Covariance(design, two, kind));
        AssertSame(
            GlmRobust.ClusterCovariance(design, binary, row => row % 20), GlmRobust.ClusterCovariance(design, two, row => row % 20));

        static void AssertSame(RobustCovariance glm, RobustCovariance vector)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(1, vector.Coefficients[j].StandardError / glm.Coefficients[j].StandardError, 1e-9);
                Assert.Equal(glm.Coefficients[j].PValue, vector.Coefficients[j].PValue, 1e-9);
            }
        }
    }

    [Fact]
    public void Codings_have_one_sandwich()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [-1, 1]);
        string[] names = ["a", "b", "c"];
        var reference = new MultinomialFitter(names).Fit(design, TrainingMonitor.None);
        var symmetric = new MultinomialFitter(names, new() { Coding = MultinomialCoding.Symmetric }).Fit(design, TrainingMonitor.None);
        var (v, s) = (GlmRobust.Covariance(design, reference).Covariance, GlmRobust.Covariance(design, symmetric).Covariance);
        for (int j = 0; j < 3; j++)                       // Var(b1 − b0) is that of the reference coding
            Assert.Equal(1, (s[j, j] + s[3 + j, 3 + j] - 2 * s[j, 3 + j]) / v[j, j], 1e-8);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_kept_sandwich_is_what_the_model_says_and_saves(string id)
    {
        var (design, model) = Fit(id);
        var robust = GlmRobust.ClusterCovariance(design, model, row => row % 7);
        var kept = VectorCases.With(model, robust);
        byte[] bytes = VectorCases.Saved(kept);
        var loaded = VectorCases.Loaded(kept, bytes);
        Assert.Equal(bytes, VectorCases.Saved(loaded));
        Assert.Equal(robust.Coefficients, loaded.Coefficients);
        Assert.Equal(robust.Covariance, loaded.Covariance);
        Assert.Equal(("cluster", 7L, 6L), (loaded.Robust!.Name, loaded.Robust.Clusters, loaded.Robust.DegreesOfFreedom));
        Assert.Contains("Standard errors: cluster-robust, 7 clusters", loaded.ToString(), StringComparison.Ordinal);
        double[] row = VectorReference.Rows((MatrixDesign)design, 3).Last();
        float[] own = VectorCases.Score(model, row), other = VectorCases.Score(loaded, row);
        Assert.Equal(VectorCases.Score(kept, row), other);
        Assert.Equal(own[0], other[0]);
        Assert.NotEqual(own, other);                      // the standard errors of predictions are the sandwich's too

        // A sandwich starts from the model's own covariance, kept or not; and that comes back.
        Assert.Equal(GlmRobust.Covariance(design, model).Covariance, GlmRobust.Covariance(design, loaded).Covariance);
        Assert.Equal(VectorCases.Saved(model), VectorCases.Saved(VectorCases.With(loaded, null)));
        Assert.Null(model.Robust);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var (design, model) = Fit("ordinal_logit_wine");
        Assert.Throws<ArgumentOutOfRangeException>(() => GlmRobust.Covariance(design, model, RobustKind.HC3));
        Assert.Throws<ArgumentException>(() => GlmRobust.Covariance(GlmCases.Log("poisson", n: 72), model));
        var unknown = GlmCases.Of([.. Enumerable.Range(0, 72).Select(i => (double[])[i, 1])], [.. Enumerable.Range(0, 72).Select(i => i % 9.0)]);
        Assert.Contains("Row 6 has the response 5", Refuse(unknown), StringComparison.Ordinal);
        var more = GlmCases.Of([.. Enumerable.Range(0, 73).Select(i => (double[])[i, 1])], [.. Enumerable.Range(0, 73).Select(i => i % 5.0)]);
        Assert.Contains("has 73 rows", Refuse(more), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => GlmRobust.ClusterCovariance(design, model, _ => 1));
        var (other, women) = Fit("multinomial_softmax_womenlf");
        Assert.Throws<ArgumentException>(() => VectorCases.With(model, GlmRobust.Covariance(other, women)));

        string Refuse(Design rows) =>
            Assert.Throws<InvalidOperationException>(() => GlmRobust.Covariance(rows, model)).Message;
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var design = VectorReference.Cut(VectorReference.Logistic, [-1, 1], n: 9_000, weights: true);
        RobustCovariance Find(int threads) => GlmRobust.ClusterCovariance(
            design,
            new OrdinalFitter(["a", "b", "c"], new() { NumberOfThreads = threads }).Fit(design, TrainingMonitor.None),
            row => row % 50);
        Assert.Equal(Find(1).Covariance, Find(4).Covariance);
    }

    private static (Design Design, VectorGlmModel Model) Fit(string id)
    {
        var golden = ReferenceCase.Load(id);
        var design = golden.Design();
        return (design, VectorCases.Fit(golden, design));
    }
}
