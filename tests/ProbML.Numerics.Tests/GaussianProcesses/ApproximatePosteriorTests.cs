using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>The three approximations under every likelihood: gradients, bounds, and posteriors by brute force.</summary>
public sealed class ApproximatePosteriorTests
{
    private static readonly Dictionary<string, LatentLikelihood> All = new()
    {
        ["logit"] = new BernoulliLikelihood(),
        ["probit"] = new BernoulliLikelihood(Links.Probit),
        ["poisson"] = new PoissonLikelihood(),
        ["negativebinomial"] = new NegativeBinomialLikelihood { Theta = 2 },
        ["studentt"] = new StudentTLikelihood { DegreesOfFreedom = 3, Scale = 0.3, FixedDegreesOfFreedom = false },
        ["ordinal"] = new OrdinalLikelihood([-0.8, 0.5]),
    };

    public static TheoryData<string, PosteriorApproximation> Cases
    {
        get
        {
            var cases = new TheoryData<string, PosteriorApproximation>();
            foreach (string name in All.Keys)
                foreach (var approximation in Enum.GetValues<PosteriorApproximation>())
                {
                    if (All[name].IsLogConcave || approximation == PosteriorApproximation.Laplace)
                        cases.Add(name, approximation);
                }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradient_is_the_slope_of_the_evidence(string name, PosteriorApproximation approximation)
    {
        var kernel = Kernel.Parse("rbf(variance=1.3, lengthscale=0.7) + linear(variance=0.4)");
        var (x, y) = Rows(name, 14);
        double[] weights = [.. Enumerable.Range(0, 14).Select(i => i % 3 == 0 ? 2.0 : 1)];
        double[] offsets = [.. Enumerable.Range(0, 14).Select(i => 0.1 * (i % 4))];
        var posterior = At(kernel, All[name], 0.2);
        Assert.True(posterior.Converged);
        var gradient = posterior.Gradient();
        double[] free = kernel.FreeParameters(), shape = All[name].FreeParameters();
        for (int k = 0; k < free.Length; k++)
            Near(Slope(h => At(kernel.With(Moved(free, k, h)), All[name], 0.2).LogEvidence), gradient.Kernel[k]);
        for (int k = 0; k < shape.Length; k++)
            Near(Slope(h => At(kernel, All[name].With(Moved(shape, k, h)), 0.2).LogEvidence), gradient.Likelihood[k]);
        Near(Slope(h => At(kernel, All[name], 0.2 + h).LogEvidence), gradient.MeanConstant);

        ApproximatePosterior At(Kernel k, LatentLikelihood likelihood, double mean) =>
            ApproximatePosterior.Condition(k, likelihood, x, y, approximation, mean, weights, offsets);

        static void Near(double expected, double found) => Assert.True(
            Math.Abs(expected - found) <= 2e-6 * Math.Max(1, Math.Abs(expected)), $"{expected:R} and {found:R}");
    }

    [Theory]
    [InlineData("logit")]
    [InlineData("probit")]
    [InlineData("poisson")]
    [InlineData("negativebinomial")]
    [InlineData("ordinal")]
    public void Two_rows_agree_with_the_integral_over_the_plane(string name)
    {
        var kernel = Kernel.Parse("rbf(variance=0.6, lengthscale=0.7)");
        var (x, y) = Rows(name, 2);
        var exact = Plane(kernel, All[name], x, y, 1);
        var bound = ApproximatePosterior.Condition(kernel, All[name], x, y, PosteriorApproximation.Variational);
        Assert.InRange(exact.LogEvidence - bound.LogEvidence, 0, 0.02);
        Assert.InRange(bound.Mean()[0] - exact.Mean, -0.02, 0.02);
        var matched = ApproximatePosterior.Condition(kernel, All[name], x, y, PosteriorApproximation.ExpectationPropagation);
        Assert.InRange(matched.LogEvidence - exact.LogEvidence, -0.002, 0.002);
        Assert.InRange(matched.Mean()[0] - exact.Mean, -0.005, 0.005);
        Assert.InRange(matched.Variance()[0] / exact.Variance, 0.99, 1.01);
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("negativebinomial")]
    [InlineData("studentt")]
    [InlineData("ordinal")]
    public void Laplaces_error_falls_as_rows_count_for_more(string name)
    {
        var kernel = Kernel.Parse("rbf(variance=0.6, lengthscale=0.7)");
        var (x, y) = Rows(name, 2);
        double few = Error(8), many = Error(128);
        Assert.InRange(many, 0, 0.3 * few + 1e-6);        // O(1/w): Tierney & Kadane (1986)
        Assert.InRange(many, 0, 0.02);

        double Error(double weight) => Math.Abs(Plane(kernel, All[name], x, y, weight).LogEvidence
            - ApproximatePosterior.Condition(kernel, All[name], x, y, weights: [weight, weight]).LogEvidence);
    }

    [Fact]
    public void The_mode_of_many_outliers_is_a_mode()
    {
        var kernel = Kernel.Parse("rbf(variance=2, lengthscale=0.5)");
        var random = new Random(5);
        double[] inputs = [.. Enumerable.Range(0, 60).Select(i => i / 10.0)];
        double[] y = [.. inputs.Select((t, i) => Math.Sin(t) + 0.1 * RandomNormal.Draw(random) + (i % 7 == 3 ? 5 : 0))];
        var x = InputColumns.FromRows(inputs, 1);
        var likelihood = new StudentTLikelihood { DegreesOfFreedom = 3, Scale = 0.1 };
        var posterior = ApproximatePosterior.Condition(kernel, likelihood, x, y);
        Assert.True(posterior.Converged);
        Assert.Contains(posterior.Precisions, precision => precision < 0);
        double[] mean = posterior.Mean();
        for (int i = 0; i < y.Length; i++)
        {
            Assert.InRange(posterior.Weights[i] - likelihood.At(y[i], mean[i]).Slope, -1e-6, 1e-6);   // K⁻¹ f̂ = ∂ ln p/∂f
            Assert.InRange(mean[i] - Math.Sin(inputs[i]), -0.4, 0.4);
            Assert.True(posterior.Variance()[i] > 0);
        }
        // The covariance is that of (K⁻¹ + W)⁻¹, negative W and all: by the dense inverse.
        int n = y.Length;
        var gram = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(n, n, GramMatrix.Full(kernel, x, 1));
        var w = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfDiagonalArray([.. posterior.Precisions]);
        var identity = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(n);
        var covariance = (identity + gram * w).Solve(gram);
        Assert.Equal(0, (covariance.Diagonal() - MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(posterior.Variance())).AbsoluteMaximum(), 1e-9);
        var reduction = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(n, n, posterior.Factor.Dense());
        Assert.Equal(0, (gram - gram * reduction * gram - covariance).Enumerate().Max(Math.Abs), 1e-7);
        var taken = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(n, posterior.Factor.Taken().Length / n, posterior.Factor.Taken());
        var given = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(n, posterior.Factor.Given().Length / n, posterior.Factor.Given());
        Assert.Equal(0, (taken * taken.Transpose() - given * given.Transpose() - reduction).Enumerate().Max(Math.Abs), 1e-8);
    }

    [Fact]
    public void Responses_that_are_none_are_refused()
    {
        var x = InputColumns.FromRows([1, 2, 3], 1);
        var kernel = new RbfKernel();
        Assert.Contains("Row 2 is 2", Error([0, 2, 1], new BernoulliLikelihood()), StringComparison.Ordinal);
        Assert.Contains("whole numbers", Error([0, 2.5, 1], new PoissonLikelihood()), StringComparison.Ordinal);
        Assert.Contains("Row 3 is -1", Error([0, 2, -1], new NegativeBinomialLikelihood()), StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Error([0, 1, 2], new OrdinalLikelihood([0.0])), StringComparison.Ordinal);

        string Error(double[] y, LatentLikelihood likelihood) =>
            Assert.Throws<ArgumentException>(() => ApproximatePosterior.Condition(kernel, likelihood, x, y)).Message;
    }

    private static (InputColumns X, double[] Y) Rows(string name, int n)
    {
        var random = new Random(3);
        double[] inputs = [.. Enumerable.Range(0, n).Select(i => 2.4 * i / n - 1 + 0.05 * RandomNormal.Draw(random))];
        double[] y = [.. inputs.Select((t, i) => name switch
        {
            "logit" or "probit" => Math.Sin(2 * t) + RandomNormal.Draw(random) > 0 ? 1.0 : 0,
            "poisson" or "negativebinomial" => Math.Floor(Math.Exp(1 + Math.Sin(2 * t) + 0.3 * RandomNormal.Draw(random))),
            "studentt" => Math.Sin(2 * t) + 0.3 * RandomNormal.Draw(random) + (i == 5 ? 4 : 0),
            _ => (double)Math.Clamp((int)Math.Round(1 + Math.Sin(2 * t) + 0.5 * RandomNormal.Draw(random)), 0, 2),
        })];
        return (InputColumns.FromRows(inputs, 1), y);
    }

    /// <summary>Evidence, and mean and variance of f₁, by a grid over (f₁, f₂).</summary>
    private static (double LogEvidence, double Mean, double Variance) Plane(
        Kernel kernel, LatentLikelihood likelihood, InputColumns x, double[] y, double weight)
    {
        double[] k = GramMatrix.Full(kernel, x, 1);
        double a = Math.Sqrt(k[0]), b = k[1] / a, c = Math.Sqrt(k[3] - b * b);
        double z = 0, first = 0, second = 0, top = 0;
        const double Step = 0.04;
        for (int i = 0; i < 2; i++)
            top += Enumerable.Range(-400, 800).Max(j => likelihood.At(y[i], 0.02 * j).Value);
        for (double u = -6; u <= 6; u += Step)
            for (double v = -6; v <= 6; v += Step)
            {
                double f = a * u, g = b * u + c * v;
                double p = Math.Exp(weight * (likelihood.At(y[0], f).Value + likelihood.At(y[1], g).Value - top) - 0.5 * (u * u + v * v));
                (z, first, second) = (z + p, first + p * f, second + p * f * f);
            }
        return (weight * top + Math.Log(z * Step * Step / (2 * Math.PI)), first / z, second / z - first / z * (first / z));
    }

    private static double[] Moved(double[] free, int k, double by)
    {
        double[] moved = [.. free];
        moved[k] += by;
        return moved;
    }

    private static double Slope(Func<double, double> f)
    {
        const double H = 1e-3;
        return (8 * (f(H) - f(-H)) - (f(2 * H) - f(-2 * H))) / (12 * H);
    }
}
