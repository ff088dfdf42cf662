using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>ln p̃(x; θ), a log density up to a constant, and its gradient in θ.</summary>
/// <param name="x">[d].</param>
/// <param name="parameters">θ, [p].</param>
/// <param name="gradient">∂ ln p̃/∂θ, [p], to be filled.</param>
public delegate double UnnormalizedLogDensity(
    ReadOnlySpan<double> x, ReadOnlySpan<double> parameters, Span<double> gradient);

/// <summary>Fits models whose normalising constant is not known: its logarithm is one more parameter.</summary>
/// <remarks>
/// The log odds of data against noise are G = ln p̃(x; θ) − ln Z − ln q(x) − ln(m/n), q the noise's density; the log loss is
/// minimised over θ and ln Z, by L-BFGS. Gutmann &amp; Hyvärinen (2012), Noise-contrastive estimation of unnormalized statistical
/// models, §2.3. Of θ known it gives ln Z alone; without draws of the model, that is
/// <see cref="Evaluation.Evidence.ByImportanceSampling"/>.
/// </remarks>
public static class NoiseContrastive
{
    private const double Tolerance = 1e-13, SmallGradient = 1e-5;

    /// <summary>Fits θ and ln Z.</summary>
    /// <param name="model">ln p̃ and its gradient.</param>
    /// <param name="start">θ to start from, [p]; none: θ is known, and ln Z is wanted.</param>
    /// <param name="data">[n, d], row-major.</param>
    /// <param name="noise">[m, d]: draws from q, which should be like the data and positive wherever they are.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="logNoiseOfData">ln q of each row of the data, [n].</param>
    /// <param name="logNoiseOfNoise">ln q of each row of the noise, [m].</param>
    /// <param name="maximumIterations">The most iterations.</param>
    /// <param name="monitor">Cancellation, or null.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together, or a number is not finite.</exception>
    /// <exception cref="InvalidOperationException">The model is not finite at the start; the message names the row.</exception>
    public static NoiseContrastiveFit Fit(
        UnnormalizedLogDensity model,
        ReadOnlySpan<double> start,
        double[] data,
        double[] noise,
        int featureCount,
        double[] logNoiseOfData,
        double[] logNoiseOfNoise,
        int maximumIterations = 1000,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(logNoiseOfData);
        ArgumentNullException.ThrowIfNull(logNoiseOfNoise);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumIterations);
        int n = SampleCheck.Rows(data, featureCount, 1, "data's"), m = SampleCheck.Rows(noise, featureCount, 1, "noise's");
        Check(logNoiseOfData, n, "data");
        Check(logNoiseOfNoise, m, "noise");
        int p = start.Length;
        double[] at = [.. start, 0], slope = new double[p], gradient = new double[p + 1];
        at[p] = StartOfLogNormalizer();
        double loss = LimitedMemoryBfgs.Minimise(at, Evaluate, Tolerance, maximumIterations);
        Evaluate(at, gradient);
        return new(at[..p], at[p], loss, gradient.All(value => Math.Abs(value) < SmallGradient));

        // The mean of ln p̃ − ln q over the data: where the odds are even to begin with, so that no gradient has died out.
        double StartOfLogNormalizer()
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                double log = model(data.AsSpan(i * featureCount, featureCount), at.AsSpan(0, p), slope);
                if (!double.IsFinite(log))
                    throw new InvalidOperationException(
                        $"The model's log density is {log} at row {i + 1} of the data, with the parameters to start from. Start "
                        + "where every row has a density.");
                sum += (log - logNoiseOfData[i]) / n;
            }
            return sum;
        }

        double Evaluate(double[] theta, double[] gradient)
        {
            monitor?.ThrowIfCancelled();
            Array.Clear(gradient);
            return (Add(data, logNoiseOfData, 1) + Add(noise, logNoiseOfNoise, 0)) / (n + m);

            double Add(double[] rows, double[] logNoise, double y)
            {
                double sum = 0;
                for (int i = 0; i < logNoise.Length; i++)
                {
                    double log = model(rows.AsSpan(i * featureCount, featureCount), theta.AsSpan(0, p), slope);
                    if (double.IsNegativeInfinity(log) && y == 0)
                        continue;                         // noise where the model has no density is told at once
                    double odds = log - theta[p] - logNoise[i] - Math.Log(m / (double)n);
                    sum += LogLoss.Of(odds, y);
                    double residual = (1 / (1 + Math.Exp(-odds)) - y) / (n + m);
                    for (int j = 0; j < p; j++)
                        gradient[j] += residual * slope[j];
                    gradient[p] -= residual;
                }
                return sum;
            }
        }
    }

    private static void Check(double[] logNoise, int rows, string which)
    {
        if (logNoise.Length != rows)
            throw new ArgumentException($"{rows} rows of {which} need as many log densities of the noise, not {logNoise.Length}.");
        int bad = Array.FindIndex(logNoise, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException(
                $"The noise's log density is {logNoise[bad]} at row {bad + 1} of the {which}. Noise must be possible wherever a row is.");
    }
}
