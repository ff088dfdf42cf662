using ProbML.DensityRatios;
using ProbML.Evaluation;

namespace ProbML.Numerics.Tests.DensityRatios;

public sealed class NoiseContrastiveTests
{
    /// <summary>exp(−½ τ (x − μ)²) without its √(τ/2π): μ, ln τ and ln Z are found, within four asymptotic standard errors.</summary>
    [Fact]
    public void A_normal_without_its_constant_finds_it()
    {
        const double Mu = 1.5, Tau = 4;
        var (data, noise) = (Normals(5000, 3, Mu, 1 / Math.Sqrt(Tau)), Normals(20_000, 4, 1, 1));
        var fit = Fit(Gaussian, [0, 0], data, noise, x => LogNormal(x, 1, 1));
        Assert.True(fit.Converged);
        double[] found = [.. fit.Parameters, fit.LogNormalizer];
        double[] truth = [Mu, Math.Log(Tau), 0.5 * Math.Log(2 * Math.PI / Tau)];
        double[] errors = StandardErrors(truth, noiseRatio: 4, rows: 5000);
        for (int j = 0; j < 3; j++)
            Assert.Equal(truth[j], found[j], 4 * errors[j]);
        Assert.All(errors, error => Assert.InRange(error, 0.001, 0.1));
        Assert.InRange(fit.Loss, 0.1, Math.Log(2));
    }

    /// <summary>
    /// Of much noise the estimate nears that of maximum likelihood (Gutmann &amp; Hyvärinen 2012, corollary 2): ever closer.
    /// </summary>
    [Fact]
    public void More_noise_brings_it_nearer_to_maximum_likelihood()
    {
        double[] data = Normals(500, 5, 0.3, 0.8);
        double mean = data.Average(), deviation = Math.Sqrt(data.Average(x => (x - mean) * (x - mean)));
        double[] apart = [.. new[] { 1, 100 }.Select(times =>
        {
            var fit = Fit(Gaussian, [0, 0], data, Normals(500 * times, 6, 0, 1), x => LogNormal(x, 0, 1));
            return Math.Abs(fit.Parameters[0] - mean) + Math.Abs(fit.Parameters[1] + 2 * Math.Log(deviation));
        })];
        Assert.True(apart[1] < 0.03 && apart[1] < 0.3 * apart[0], $"{apart[0]}, {apart[1]}");
    }

    /// <summary>Two bumps in the plane, θ known: ln Z is that of quadrature, and that of importance sampling.</summary>
    [Fact]
    public void A_known_models_constant_is_that_of_quadrature_and_of_importance_sampling()
    {
        double[] data = Bumps(4000, seed: 7), noise = [.. Normals(2 * 8000, 8, 0, 1.5)];
        double LogBumps(ReadOnlySpan<double> x)
        {
            double left = Math.Pow(x[0] + 1, 2) + x[1] * x[1], right = Math.Pow(x[0] - 1, 2) + x[1] * x[1];
            return 3.7 + Math.Log(Math.Exp(-2 * left) + Math.Exp(-2 * right));
        }

        double sum = 0;
        const double Step = 0.02;
        for (double u = -6; u < 6; u += Step)
            for (double v = -6; v < 6; v += Step)
                sum += Math.Exp(LogBumps([u, v])) * Step * Step;
        double truth = Math.Log(sum);
        Assert.Equal(3.7 + Math.Log(Math.PI), truth, 1e-9);      // each bump's integral is π/2
        var fit = NoiseContrastive.Fit(
            (x, _, _) => LogBumps(x),
            [],
            data,
            noise,
            2,
            [.. data.Chunk(2).Select(x => LogNormal(x[0], 0, 1.5) + LogNormal(x[1], 0, 1.5))],
            [.. noise.Chunk(2).Select(x => LogNormal(x[0], 0, 1.5) + LogNormal(x[1], 0, 1.5))]);
        Assert.True(fit.Converged);
        Assert.Empty(fit.Parameters);
        Assert.Equal(truth, fit.LogNormalizer, 0.05);            // four standard errors of some 0.012
        var evidence = Evidence.ByImportanceSampling(LogBumps, [0, 0], [1.3, 0, 0, 0.4], 20_000, new Random(9));
        Assert.Equal(truth, evidence.Value, 4 * evidence.StandardError);
        Assert.InRange(evidence.StandardError, 1e-4, 0.02);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Refused<ArgumentException>("need as many log densities", () => NoiseContrastive.Fit((_, _, _) => 0, [], [1], [1], 1, [], [0]));
        Refused<ArgumentException>("row 2 of the noise", () => NoiseContrastive.Fit(
            (_, _, _) => 0, [], [1], [1, 2], 1, [0], [0, double.NegativeInfinity]));
        Refused<ArgumentException>("column 1", () => NoiseContrastive.Fit((_, _, _) => 0, [], [double.NaN], [1], 1, [0], [0]));
        Refused<InvalidOperationException>("row 2 of the data", () => NoiseContrastive.Fit(
            (x, _, _) => x[0] > 1 ? double.NaN : 0, [], [1, 2], [1], 1, [0, 0], [0]));
        Refused<ArgumentOutOfRangeException>("maximumIterations", () => NoiseContrastive.Fit(
            (_, _, _) => 0, [], [1], [1], 1, [0], [0], maximumIterations: 0));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => NoiseContrastive.Fit(
            (_, _, _) => 0, [], [1], [1], 1, [0], [0], monitor: new() { Cancellation = source.Token }));

        static void Refused<T>(string message, Action action) where T : Exception =>
            Assert.Contains(message, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);
    }

    private static double Gaussian(ReadOnlySpan<double> x, ReadOnlySpan<double> theta, Span<double> gradient)
    {
        double tau = Math.Exp(theta[1]), apart = x[0] - theta[0];
        (gradient[0], gradient[1]) = (tau * apart, -0.5 * tau * apart * apart);
        return -0.5 * tau * apart * apart;
    }

    private static NoiseContrastiveFit Fit(
        UnnormalizedLogDensity model, double[] start, double[] data, double[] noise, Func<double, double> logNoise) =>
        NoiseContrastive.Fit(model, start, data, noise, 1, [.. data.Select(logNoise)], [.. noise.Select(logNoise)]);

    /// <summary>Theorem 3 of the paper, by quadrature: Σ = I⁻¹ − (1 + 1/ν) I⁻¹ E(Pg) E(Pg)ᵀ I⁻¹, over n; P = ν q/(p + ν q).</summary>
    private static double[] StandardErrors(double[] truth, double noiseRatio, int rows)
    {
        double[] mean = new double[3], slope = new double[2];
        double[,] information = new double[3, 3];
        for (double x = -8; x < 10; x += 0.001)
        {
            double p = Math.Exp(Gaussian([x], truth.AsSpan(0, 2), slope) - truth[2]), q = noiseRatio * Math.Exp(LogNormal(x, 1, 1));
            double share = 0.001 * p * q / (p + q);
            double[] g = [slope[0], slope[1], -1];
            for (int i = 0; i < 3; i++)
            {
                mean[i] += share * g[i];
                for (int j = 0; j < 3; j++)
                    information[i, j] += share * g[i] * g[j];
            }
        }
        var inverse = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(information).Inverse();
        var moved = inverse * MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(mean);
        return [.. Enumerable.Range(0, 3).Select(i =>
            Math.Sqrt((inverse[i, i] - (1 + 1 / noiseRatio) * moved[i] * moved[i]) / rows))];
    }

    private static double LogNormal(double x, double mean, double deviation) =>
        NormalDistribution.LogDensity((x - mean) / deviation) - Math.Log(deviation);

    private static double[] Normals(int count, int seed, double mean, double deviation)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => mean + deviation * RandomNormal.Draw(random))];
    }

    private static double[] Bumps(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).SelectMany(_ => new[]
        {
            (random.Next(2) == 0 ? -1 : 1) + 0.5 * RandomNormal.Draw(random), 0.5 * RandomNormal.Draw(random),
        })];
    }
}
