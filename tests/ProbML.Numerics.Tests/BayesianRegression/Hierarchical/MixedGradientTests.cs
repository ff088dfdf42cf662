using ProbML.Fitting;
using ProbML.Optimization;

namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

/// <summary>The gradients that the searches go by are those of the functions they make small.</summary>
public sealed class MixedGradientTests
{
    [Theory]
    [InlineData("drawn, logistic with slopes, Laplace", "logit")]
    [InlineData("drawn, logistic with slopes, Laplace", "cloglog")]
    [InlineData("drawn, Poisson with slopes and offset, Laplace", "log")]
    [InlineData("grouseticks, three factors, Laplace", "log")]
    public void Laplace_gradient_is_the_derivative(string name, string link)
    {
        var (problem, _) = Arrange(name, Links.Parse(link));
        var likelihood = new LaplaceLikelihood(problem);
        AssertGradient(likelihood.Evaluate, problem.Layout.Fixed, problem.Layout.ThetaCount);
    }

    [Theory]
    [InlineData("sleepstudy, correlated, REML", true)]
    [InlineData("sleepstudy, correlated, ML", false)]
    [InlineData("Penicillin, crossed, REML", true)]
    [InlineData("Penicillin, crossed, REML", false)]
    [InlineData("drawn, weights and offset, REML", true)]
    public void Deviance_gradient_is_the_derivative(string name, bool restricted)
    {
        var (problem, tally) = Arrange(name, Links.Identity);
        var likelihood = new LinearMixedLikelihood(problem, tally, new double[problem.Layout.Fixed], restricted);
        AssertGradient(likelihood.Deviance, 0, problem.Layout.ThetaCount);
    }

    [Theory]
    [InlineData("sleepstudy, correlated, REML", true)]
    [InlineData("sleepstudy, correlated, REML", false)]
    [InlineData("Penicillin, crossed, REML", true)]
    [InlineData("drawn, Poisson with slopes and offset, Laplace", true)]
    public void Log_density_gradient_is_the_derivative(string name, bool correlated)
    {
        var (problem, _) = Arrange(name, null, correlated, "x2");
        bool isGaussian = problem.Family is GaussianFamily;
        var density = new HierarchicalLogDensity(
            problem, new(), [.. problem.Layout.Factors.Select(factor => factor.Columns.Select(_ => (Prior)new StudentTPrior(3, 0, 2)).ToArray())],
            shape: 1.5, isGaussian ? DispersionPrior.HalfCauchy(2) : null, 0);
        double[] beta = LikelihoodSearch.FixedStart(problem), at = density.Start(beta, 0.5, isGaussian ? 6 : 0, new Random(5));
        double[] gradient = new double[at.Length], none = new double[at.Length];
        double value = density.Evaluate(at, gradient);
        for (int i = 0; i < at.Length; i += i < 8 ? 1 : 5)
        {
            const double Step = 1e-4;
            at[i] += Step;
            double above = density.Evaluate(at, none);
            at[i] -= 2 * Step;
            double below = density.Evaluate(at, none);
            at[i] += Step;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-7 * (1 + Math.Abs(value) + Math.Abs(gradient[i])));
        }
    }

    private static (MixedProblem Problem, GroupTally Tally) Arrange(string name, ILinkFunction? link, bool correlated = true, string? slope = null)
    {
        var one = MixedReference.Case(name);
        var options = MixedReference.Options(one);
        var design = MixedReference.Design(one);
        options = options with
        {
            Link = link ?? options.Family!.CanonicalLink,
            Effects = [.. options.Effects.Select(effect => slope is not null && design.FeatureNames.Contains(slope)
                ? new GroupEffect(effect.Group, [.. effect.Slopes, slope]) { Correlated = correlated }
                : new GroupEffect(effect.Group, effect.Slopes) { Correlated = correlated })],
        };
        var moments = design.Sum(() => new ResponseMoments(design.FeatureCount, options.Family!), TrainingMonitor.None);
        return MixedStart.Arrange(design, options, moments, TrainingMonitor.None);
    }

    private static void AssertGradient(SmoothFunction function, int p, int thetas)
    {
        var random = new Random(3);
        double[] at = [.. Enumerable.Range(0, p + thetas).Select(i => i < p ? 0.3 * random.NextDouble() : 0.4 + 0.5 * random.NextDouble())];
        double[] gradient = new double[at.Length], none = new double[at.Length];
        double value = function(at, gradient);
        for (int i = 0; i < at.Length; i++)
        {
            const double Step = 1e-4;
            double At(double shift)
            {
                double[] place = [.. at];
                place[i] += shift;
                return function(place, none);
            }
            double slope = (At(Step) - At(-Step)) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-7 * (1 + Math.Abs(value) + Math.Abs(slope)));
        }
    }
}
