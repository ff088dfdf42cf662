using ProbML.Evaluation;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>ln p(yᵢ | θₛ) of rows under draws of a posterior.</summary>
internal static class DrawnLikelihood
{
    /// <summary>[S, n]: under the draws there are, evenly thinned, or under draws from a normal posterior.</summary>
    public static PointwiseLogLikelihood Of(
        GlmPosterior posterior, BayesianGlmParts parts, Design design, int most, TrainingMonitor monitor)
    {
        var rows = MemoryRows.Read(design, posterior.Transform, monitor);
        double[] draws = posterior.Draws.Length > 0 ? Thinned(posterior, most) : FromNormal(posterior, most);
        int n = posterior.Dimension, q = posterior.Transform.Width, count = draws.Length / n;
        double[] values = new double[(long)count * rows.Count], eta = new double[rows.Count];
        for (int s = 0; s < count; s++)
        {
            monitor.ThrowIfCancelled();
            var draw = draws.AsSpan(s * n, n);
            Gemv.Multiply(rows.Z, rows.Count, q, rows.Stride, draw[..q], eta);
            var likelihood = new EtaLikelihood(
                parts.Family, parts.Link, posterior.HasTau ? draw[q] : posterior.KnownLogDispersion);
            for (int i = 0; i < rows.Count; i++)
                values[s * rows.Count + i] = likelihood.LogLikelihood(rows.Response[i], eta[i] + rows.Offsets[i], rows.Weights[i]);
        }
        return new(values, count);
    }

    private static double[] Thinned(GlmPosterior posterior, int most)
    {
        int n = posterior.Dimension, all = posterior.Draws.Length / n, stride = (all + most - 1) / most;
        var kept = new List<double>();
        for (int s = 0; s < all; s += stride)
            kept.AddRange(posterior.Draws.AsSpan(s * n, n));
        return [.. kept];
    }

    private static double[] FromNormal(GlmPosterior posterior, int count)
    {
        int n = posterior.Dimension;
        double[] factor = [.. posterior.Covariance], draws = new double[count * n], noise = new double[n];
        if (factor.Length == 0 || !Cholesky.TryFactor(factor, n, n, out _))
            throw new InvalidOperationException("The posterior mode alone has no draws. Fit with Inference.Laplace or Inference.Nuts.");
        var random = new Random(1);
        for (int s = 0; s < count; s++)
        {
            RandomNormal.Fill(random, noise);
            for (int i = 0; i < n; i++)
                draws[s * n + i] = posterior.Mean[i]
                    + System.Numerics.Tensors.TensorPrimitives.Dot<double>(factor.AsSpan(i * n, i + 1), noise.AsSpan(0, i + 1));
        }
        return draws;
    }
}
