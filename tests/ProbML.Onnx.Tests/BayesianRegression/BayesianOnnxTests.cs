using ProbML.Laws;

namespace ProbML.Onnx.Tests;

/// <summary>Posteriors of every kind and family say the same as a graph; beyond what the conformance battery fits.</summary>
public sealed class BayesianOnnxTests
{
    private const int Rows = 60, Features = 2, Scored = 12;

    private static readonly Inference Draws = Inference.Nuts(new() { Chains = 2, Warmup = 100, Draws = 150 });

    public static TheoryData<string, string, string> Cases => new()
    {
        { "gaussian", "log", "nuts" },
        { "gaussian", "identity", "nuts" },
        { "gamma", "log", "laplace" },
        { "gamma", "log", "nuts" },
        { "inverse-gaussian", "log", "nuts" },
        { "negative-binomial", "log", "laplace" },
        { "negative-binomial", "log", "nuts" },
        { "poisson", "log", "nuts" },
        { "poisson", "sqrt", "laplace" },
        { "bernoulli", "log", "nuts" },
        { "bernoulli", "cauchit", "laplace" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_graph_says_what_the_posterior_says(string family, string link, string inference) =>
        AssertSame(Fit(family, link, inference, priorScale: 0.5));

    [Fact]
    public void A_posterior_as_wide_as_its_prior_takes_finer_steps() => AssertSame(Fit("bernoulli", "logit", "laplace", priorScale: 30, rows: 3));

    [Fact]
    public void A_mode_alone_is_a_point() => AssertSame(Fit("gamma", "log", "map", priorScale: 0.5));

    /// <summary>Its quantiles are loops in loops in loops, which one mean is enough to check.</summary>
    [Theory, InlineData("map", true), InlineData("laplace", false)]
    public void A_compound_Poisson_gamma_is_written_too(string inference, bool intervals) => AssertSame(
        Fit("tweedie(1.5)", "log", inference, priorScale: 0.5), column => intervals || !column.EndsWith("Bound", StringComparison.Ordinal));

    [Fact]
    public void The_standards_checker_passes_a_graph_over_draws() =>
        OnnxChecker.Check(Fit("negative-binomial", "log", "nuts", priorScale: 0.5).ToOnnx(withResponse: true));

    [Theory]
    [InlineData("poly"), InlineData("spline1"), InlineData("spline3"), InlineData("radial"), InlineData("fourier")]
    public void Basis_functions_are_the_same_inside_the_range_at_its_ends_and_beyond(string kind)
    {
        var basis = kind switch
        {
            "poly" => BasisExpansion.Polynomial(3, 3),
            "spline1" => BasisExpansion.BSpline(5, 1, 3),
            "spline3" => BasisExpansion.BSpline(4, 3, 3),
            "radial" => BasisExpansion.RadialBasis(7, 0.4),
            _ => BasisExpansion.RandomFourier(9, 0.3),
        };
        var random = new Random(4);
        double[] x = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 2 ? 5.0 : (float)(10 * random.NextDouble() - 3))];   // the last is constant
        var model = new BasisExpansionFitter("Phi", basis).Fit(new MatrixDesign(x, new double[20]), TrainingMonitor.None);
        double[] least = [.. Enumerable.Range(0, 3).Select(j => Values(j).Min())], largest = [.. Enumerable.Range(0, 3).Select(j => Values(j).Max())];
        double[] scored = [.. x, .. least, .. largest, .. largest.Select(v => v + 100), 1, double.NaN, 5];
        AssertSame(model, scored, [], [], 24);

        IEnumerable<double> Values(int j) => x.Where((_, i) => i % 3 == j);
    }

    private static BayesianGlmModel Fit(string family, string link, string inference, double priorScale, int rows = Rows)
    {
        var random = new Random(3);
        var known = Families.Parse(family);
        double[] x = new double[rows * Features], y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            (x[i * Features], x[i * Features + 1]) = ((float)(2 * random.NextDouble() - 1), (float)(3 * random.NextDouble()));
            double mean = Math.Exp(0.4 + 0.5 * x[i * Features] - 0.3 * x[i * Features + 1]);
            y[i] = known is BernoulliFamily ? (random.NextDouble() < mean / 4 ? 1 : 0)
                : known.IsDiscrete ? Math.Floor(2 * mean * random.NextDouble() * (1 + 2 * random.NextDouble()))
                : known is TweedieFamily && i % 4 == 0 ? 0
                : mean * (0.3 + 1.4 * random.NextDouble());
        }
        var options = new BayesianGlmOptions
        {
            Family = known,
            Link = Links.Parse(link),
            Priors = new() { Default = new NormalPrior(0, priorScale), Intercept = new NormalPrior(known is BernoulliFamily ? -1 : 1, priorScale) },
            Inference = inference switch { "nuts" => Draws, "map" => Inference.Map, _ => Inference.Laplace },
            Seed = 2,
            Level = 0.9,
        };
        var task = known is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        return new BayesianGlmFitter(options, task).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
    }

    private static void AssertSame(BayesianGlmModel model, Func<string, bool>? wants = null)
    {
        var random = new Random(7);
        double[] x = [.. Enumerable.Range(0, Scored * Features).Select(_ => (double)(float)(4 * random.NextDouble() - 1))];
        x[5] = double.NaN;
        double[] offset = [.. Enumerable.Range(0, Scored).Select(i => i % 3 == 0 ? 0.25 : 0)];
        double[] y = model.Family is BernoulliFamily
            ? [.. Enumerable.Range(0, Scored).Select(i => (double)(i % 2))]
            : [.. Enumerable.Range(0, Scored).Select(i => model.Family.IsDiscrete ? i : i == 3 ? -1.0 : 0.25f * (i + 1))];
        y[4] = double.NaN;
        AssertSame(model, x, offset, y, Scored, wants);
    }

    private static void AssertSame<TModel>(TModel model, double[] x, double[] offset, double[] y, int rows, Func<string, bool>? wants = null)
        where TModel : class, IScoringModel<TModel>, IOnnxModel
    {
        int width = model.Outputs.Sum(column => column.Width);
        bool[] wanted = [.. model.Outputs.Select(column => wants?.Invoke(column.Name) ?? true)];
        var expected = new float[rows * width];
        model.Score(new RowBlock(rows, model.FeatureCount, x, y, offsets: offset), new OutputBlock(expected, width, wanted));
        using var session = new OnnxSession(model.ToOnnx(withOffset: offset.Length > 0, withResponse: y.Length > 0, wanted));
        float[][] found = [.. model.Outputs.Select(column => new float[rows * column.Width])];
        float[] features = Single(x), offsets = Single(offset), responses = Single(y);
        List<OnnxBinding> inputs = [OnnxBinding.Of("Features", features)];
        if (offset.Length > 0)
            inputs.Add(OnnxBinding.Of("Offset", offsets));
        if (y.Length > 0)
            inputs.Add(OnnxBinding.Of("Response", responses));
        int[] places = [.. Enumerable.Range(0, wanted.Length).Where(k => wanted[k])];
        session.Run(rows, [.. inputs], [.. places.Select(k => OnnxBinding.Of(model.Outputs[k].Name, found[k]))]);
        for (int k = 0, at = 0; k < found.Length; at += model.Outputs[k].Width, k++)
        {
            int size = model.Outputs[k].Width;
            for (int i = 0; i < rows * size && wanted[k]; i++)
                Scores.AssertClose(expected[i / size * width + at + i % size], found[k][i], 1e-5, $"{model.Outputs[k].Name} of row {i / size}");
        }

        static float[] Single(double[] values) => [.. values.Select(value => (float)value)];
    }
}
