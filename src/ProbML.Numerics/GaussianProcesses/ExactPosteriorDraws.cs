using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

public sealed partial class ExactPosterior
{
    /// <summary>The covariance of the latent function at other inputs, [m, m].</summary>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public double[] Covariance(InputColumns inputs)
    {
        CheckFeatures(inputs);
        int n = Rows, m = inputs.Rows;
        var cross = new double[m * n];
        GramMatrix.Cross(Kernel, inputs, x, cross, threads);
        var columns = Transposed(cross, m, n);
        TriangularSolve.Forward(factor, n, n, columns, m, m, threads);
        var covariance = new double[m * m];
        GramMatrix.Cross(Kernel, inputs, inputs, covariance, threads);
        for (int i = 0; i < m; i++)
            for (int j = 0; j <= i; j++)
            {
                double explained = 0;
                for (int k = 0; k < n; k++)
                    explained += columns[k * m + i] * columns[k * m + j];
                covariance[i * m + j] = covariance[j * m + i] = covariance[i * m + j] - explained;
            }
        return covariance;
    }

    /// <summary>Joint draws of the latent function at other inputs, [draws, m].</summary>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public double[] Sample(InputColumns inputs, int draws, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int m = inputs.Rows;
        var mean = new double[m];
        Predict(inputs, mean, default, default);
        var covariance = Covariance(inputs);
        double trace = 0;
        for (int i = 0; i < m; i++)
            trace += covariance[i * m + i];
        double[]? root = null;
        foreach (double part in Jitters.Skip(1).Append(1e-4))
        {
            var tried = (double[])covariance.Clone();
            for (int i = 0; i < m; i++)
                tried[i * m + i] += part * Math.Max(trace / m, 1e-300);
            if (Cholesky.TryFactor(tried, m, m, out _, threads))
            {
                root = tried;
                break;
            }
        }
        if (root is null)
            throw new InvalidOperationException("The predictive covariance cannot be factorised; ask for fewer inputs at once.");
        var samples = new double[draws * m];
        var z = new double[m];
        for (int s = 0; s < draws; s++)
        {
            RandomNormal.Fill(random, z);
            for (int i = 0; i < m; i++)
            {
                double value = mean[i];
                for (int k = 0; k <= i; k++)
                    value += root[i * m + k] * z[k];
                samples[s * m + i] = value;
            }
        }
        return samples;
    }
}
