using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

public sealed partial class LatentPosterior
{
    // Tried in turn where a predictive covariance cannot be factorised: parts of its mean diagonal.
    private static readonly double[] DrawJitters = [1e-12, 1e-10, 1e-8, 1e-6, 1e-4];

    /// <summary>The covariance of f at inputs, [n, n]: k(x, x′) − k(x, Z) R k(Z, x′).</summary>
    /// <param name="x">n inputs.</param>
    /// <param name="threads">The most threads to use; null: one a core.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public double[] Covariance(InputColumns x, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckFeatures(x);
        int n = x.Rows, most = threads ?? Environment.ProcessorCount;
        double[] covariance = new double[n * n], cross = new double[Inputs.Rows * n];
        GramMatrix.Cross(Kernel, x, x, covariance, most);
        GramMatrix.Cross(Kernel, Inputs, x, cross, most);
        for (int t = 0; t < terms.Length; t++)
            terms[t].AddPairs(t + 1 < terms.Length ? (double[])cross.Clone() : cross, n, covariance, most);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                covariance[j * n + i] = covariance[i * n + j];
        return covariance;
    }

    /// <summary>Joint draws of f at inputs: functions, [draws, n].</summary>
    /// <param name="x">n inputs; memory and time grow with n² and n³.</param>
    /// <param name="draws">How many functions.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <param name="threads">The most threads to use; null: one a core.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    /// <exception cref="InvalidOperationException">The covariance cannot be factorised.</exception>
    public double[] Sample(InputColumns x, int draws, Random random, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        int n = x.Rows, most = threads ?? Environment.ProcessorCount;
        double[] mean = new double[n], root = Root(Covariance(x, threads), n, most), z = new double[n];
        Predict(x, mean, default, threads);
        var samples = new double[draws * n];
        for (int s = 0; s < draws; s++)
        {
            RandomNormal.Fill(random, z);
            var sample = samples.AsSpan(s * n, n);
            for (int i = 0; i < n; i++)
                sample[i] = mean[i] + System.Numerics.Tensors.TensorPrimitives.Dot(root.AsSpan(i * n, i + 1), z.AsSpan(0, i + 1));
        }
        return samples;
    }

    private static double[] Root(double[] covariance, int n, int threads)
    {
        double trace = 0;
        for (int i = 0; i < n; i++)
            trace += covariance[i * n + i];
        foreach (double part in DrawJitters)
        {
            var tried = (double[])covariance.Clone();
            for (int i = 0; i < n; i++)
                tried[i * n + i] += part * Math.Max(trace / n, 1e-300);
            if (Cholesky.TryFactor(tried, n, n, out _, threads))
                return tried;
        }
        throw new InvalidOperationException("The predictive covariance cannot be factorised; ask for fewer inputs at once.");
    }
}
