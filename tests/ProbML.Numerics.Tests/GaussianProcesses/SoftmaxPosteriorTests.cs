using MathNet.Numerics.LinearAlgebra;
using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Several classes: the mode, the determinant, the gradient and predictions against dense algebra and simulation.</summary>
public sealed class SoftmaxPosteriorTests
{
    private const int Classes = 3, Count = 12;

    private static readonly Kernel Kernel = Kernel.Parse("rbf(variance=2.1, lengthscale=0.8) + constant(variance=0.3)");

    private static (InputColumns X, double[] Y, double[] Weights) Rows()
    {
        var random = new Random(11);
        double[] inputs = [.. Enumerable.Range(0, Count).Select(i => 3.0 * i / Count - 1.5 + 0.1 * random.NextDouble())];
        double[] y = [.. inputs.Select(t => (double)Math.Clamp((int)Math.Floor(1.5 + t + RandomNormal.Draw(random) * 0.6), 0, 2))];
        return (InputColumns.FromRows(inputs, 1), y, [.. Enumerable.Range(0, Count).Select(i => i % 4 == 0 ? 1.5 : 1)]);
    }

    private static SoftmaxPosterior At(Kernel kernel)
    {
        var (x, y, weights) = Rows();
        return SoftmaxPosterior.Condition(kernel, x, y, Classes, weights);
    }

    [Fact]
    public void Mode_and_determinant_agree_with_dense_algebra()
    {
        var (x, y, weights) = Rows();
        var posterior = At(Kernel);
        Assert.True(posterior.Converged);
        double[] f = posterior.Mode(), p = posterior.Sites.Probabilities;
        var w = Matrix<double>.Build.Dense(Classes * Count, Classes * Count);
        double value = 0;
        for (int i = 0; i < Count; i++)
            for (int c = 0; c < Classes; c++)
            {
                int k = c * Count + i;
                double own = Math.Exp(f[k]) / Enumerable.Range(0, Classes).Sum(d => Math.Exp(f[d * Count + i]));
                Assert.Equal(own, p[k], 1e-12);
                Assert.Equal(weights[i] * ((y[i] == c ? 1 : 0) - own), posterior.Weights[k], 1e-9);   // a = ∇ ln p at the mode
                for (int d = 0; d < Classes; d++)
                    w[k, d * Count + i] = weights[i] * ((c == d ? p[k] : 0) - p[k] * p[d * Count + i]);
                value += -0.5 * posterior.Weights[k] * f[k] + (y[i] == c ? weights[i] * Math.Log(own) : 0);
            }
        var gram = Matrix<double>.Build.DenseOfRowMajor(Count, Count, GramMatrix.Full(Kernel, x, 1));
        var prior = Matrix<double>.Build.Dense(Classes * Count, Classes * Count);
        for (int c = 0; c < Classes; c++)
            prior.SetSubMatrix(c * Count, c * Count, gram);
        var identity = Matrix<double>.Build.DenseIdentity(Classes * Count);
        double evidence = value - 0.5 * Math.Log((identity + prior * w).Determinant());
        Assert.Equal(evidence, posterior.LogEvidence, 1e-9);

        var covariance = (identity + prior * w).Solve(prior);
        var blocks = posterior.Sites.Factor.Covariances();
        var (means, predicted) = posterior.ToPredictor().Predict(x, 1);
        for (int i = 0; i < Count; i++)
            for (int c = 0; c < Classes; c++)
            {
                Assert.Equal(f[c * Count + i], means[c * Count + i], 1e-9);
                for (int d = 0; d < Classes; d++)
                {
                    Assert.Equal(covariance[c * Count + i, d * Count + i], blocks[i][c * Classes + d], 1e-8);
                    Assert.Equal(blocks[i][c * Classes + d], predicted[i][c * Classes + d], 1e-9);
                }
            }
    }

    [Fact]
    public void Gradient_is_the_slope_of_the_evidence()
    {
        double[] gradient = At(Kernel).Gradient(), free = Kernel.FreeParameters();
        const double H = 1e-3;
        for (int k = 0; k < free.Length; k++)
        {
            double slope = (8 * (Moved(H) - Moved(-H)) - (Moved(2 * H) - Moved(-2 * H))) / (12 * H);
            Assert.Equal(slope, gradient[k], 1e-7);

            double Moved(double by) => At(Kernel.With([.. free.Select((value, j) => j == k ? value + by : value)])).LogEvidence;
        }
    }

    [Fact]
    public void Two_classes_are_a_logistic_process_of_the_difference()
    {
        // f₁ − f₀ of two processes is one process with twice the covariance.
        var (x, _, _) = Rows();
        double[] y = [0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1];
        var two = SoftmaxPosterior.Condition(Kernel, x, y, 2);
        var one = ApproximatePosterior.Condition(Kernel + Kernel, new BernoulliLikelihood(), x, y);
        Assert.Equal(one.LogEvidence, two.LogEvidence, 1e-9);
        double[] mean = one.Mean(), variance = one.Variance(), p = new double[2];
        var (means, covariances) = two.ToPredictor().Predict(x, 1);
        for (int i = 0; i < Count; i++)
        {
            SoftmaxIntegral.Mean([means[i], means[Count + i]], covariances[i], p);
            Assert.Equal(new BernoulliLikelihood().Probability(mean[i], variance[i]), p[1], 1e-9);
        }
    }

    [Theory]
    [InlineData(3, 1e-9)]
    [InlineData(4, 2e-4)]
    [InlineData(6, 5e-4)]
    public void Probabilities_are_averages_of_the_softmax(int classes, double tolerance)
    {
        // Independent values: given one difference's common part, the rest is a product; here by a fine one-dimensional nest.
        var random = new Random(classes);
        double[] mean = [.. Enumerable.Range(0, classes).Select(_ => RandomNormal.Draw(random))];
        var covariance = new double[classes * classes];
        double[] deviations = [.. Enumerable.Range(0, classes).Select(c => 0.5 + 0.4 * c)];
        for (int c = 0; c < classes; c++)
            covariance[c * classes + c] = deviations[c] * deviations[c];
        var found = new double[classes];
        SoftmaxIntegral.Mean(mean, covariance, found);
        double[] expected = ByGumbel(mean, deviations);
        for (int c = 0; c < classes; c++)
            Assert.Equal(expected[c], found[c], tolerance);
        Assert.Equal(1, found.Sum(), 1e-12);
    }

    /// <summary>
    /// softmax_c(f) = P(f_c + g_c is the largest), g independent Gumbels: with independent f_c a one-dimensional integral over
    /// products of distribution functions of f_c + g_c.
    /// </summary>
    private static double[] ByGumbel(double[] mean, double[] deviations)
    {
        const double Step = 0.02;
        int classes = mean.Length;
        var result = new double[classes];
        for (double t = -25; t < 40; t += Step)
        {
            var (cdf, density) = (new double[classes], new double[classes]);
            for (int c = 0; c < classes; c++)
                for (double z = -8.5; z <= 8.5; z += 0.1)
                {
                    double weight = 0.1 * NormalDistribution.Density(z), decay = Math.Exp(-(t - mean[c] - deviations[c] * z));
                    cdf[c] += weight * Math.Exp(-decay);
                    density[c] += weight * decay * Math.Exp(-decay);
                }
            for (int c = 0; c < classes; c++)
            {
                double others = 1;
                for (int d = 0; d < classes; d++)
                    others *= d == c ? 1 : cdf[d];
                result[c] += Step * density[c] * others;
            }
        }
        return result;
    }
}
