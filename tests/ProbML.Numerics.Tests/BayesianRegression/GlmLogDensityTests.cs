using ProbML.Fitting;

namespace ProbML.Tests.BayesianRegression;

/// <summary>What samplers move in: gradients for every family, prior and unknown dispersion.</summary>
public sealed class GlmLogDensityTests
{
    private static readonly string[] Names = ["a", "b"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string family in (string[])["gaussian", "poisson", "bernoulli", "gamma", "inverse-gaussian", "tweedie(1.5)", "negative-binomial"])
            {
                foreach (string prior in (string[])["normal(0.2,2)", "cauchy(0,1)", "laplace(0.1,2)", "horseshoe(0.5)", "regularised-horseshoe(0.3,2,4)", "regularised-horseshoe(0.3,infinity)"])
                    data.Add(family, prior);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradient_is_the_derivative(string family, string prior)
    {
        var density = new GlmLogDensity(Problem(Families.Parse(family), Prior.Parse(prior), out _));
        var random = new Random(4);
        int m = density.Dimension;
        double[] u = [.. Enumerable.Range(0, m).Select(_ => 0.3 * RandomNormal.Draw(random))], gradient = new double[m], unused = new double[m];
        density.Evaluate(u, gradient);
        for (int i = 0; i < m; i++)
        {
            const double h = 1e-5;
            double at = u[i];
            u[i] = at + h;
            double more = density.Evaluate(u, unused);
            u[i] = at - h;
            double less = density.Evaluate(u, unused);
            u[i] = at;
            Assert.Equal((more - less) / (2 * h), gradient[i], 2e-5 * (1 + Math.Abs(gradient[i])));
        }
    }

    /// <summary>The streamed posterior and the one in memory are the same function, and so are their gradients; the Hessian is its derivative.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Memory_and_stream_agree(string family, string prior)
    {
        if (!Prior.Parse(prior).IsSmooth)
            return;
        var problem = Problem(Families.Parse(family), Prior.Parse(prior), out _);
        var density = new GlmLogDensity(problem);
        double[] at = [.. Enumerable.Range(0, problem.Dimension).Select(i => 0.1 + 0.05 * i)], gradient = new double[at.Length];
        double value = density.Evaluate(at, gradient);
        var point = problem.Evaluate(at, [])!;
        Assert.Equal(point.Value, value, 1e-9 * (1 + Math.Abs(value)));
        BayesReference.AssertClose(point.Gradient, gradient, 1e-9, "gradient");
        for (int i = 0; i < at.Length; i++)
        {
            const double h = 1e-5;
            double[] more = [.. at], less = [.. at];
            more[i] += h;
            less[i] -= h;
            double[] up = problem.Evaluate(more, [])!.Gradient, down = problem.Evaluate(less, [])!.Gradient;
            for (int j = 0; j < at.Length; j++)
            {
                double expected = -(up[j] - down[j]) / (2 * h), actual = point.Information[i * at.Length + j];
                Assert.Equal(expected, actual, 1e-3 * (1 + Math.Abs(expected)));
            }
        }
    }

    private static PosteriorProblem Problem(IFamily family, Prior prior, out MatrixDesign design)
    {
        var random = new Random(8);
        const int n = 30;
        double[] x = new double[2 * n], y = new double[n], w = new double[n], offset = new double[n];
        for (int i = 0; i < n; i++)
        {
            (x[2 * i], x[2 * i + 1]) = (RandomNormal.Draw(random), 3 + RandomNormal.Draw(random));
            y[i] = family.IsDiscrete ? (family is BernoulliFamily ? random.Next(2) : random.Next(6)) : 0.2 + 3 * random.NextDouble();
            (w[i], offset[i]) = (family is TweedieFamily ? 1 : 0.5 + random.NextDouble(), 0.1 * RandomNormal.Draw(random));
        }
        design = new(x, y, Names, w, offset);
        var moments = design.Sum(() => new ResponseMoments(2, family), TrainingMonitor.None);
        var transform = RowTransform.Standardising(moments, intercept: true, centre: true);
        var priors = new CoefficientPriors { Default = prior, Intercept = new NormalPrior(0, 3) };
        bool free = EtaLikelihood.HasFreeDispersion(family);
        return new(
            design, family, family is BernoulliFamily ? Links.Logit : family is GaussianFamily ? Links.Identity : Links.Log, transform,
            new PriorTerms(priors, transform, Names), free ? DispersionPrior.HalfCauchy(2) : null, 0, TrainingMonitor.None, 1);
    }
}
