using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>q(v) = N(Λ⁻¹ θ, Λ⁻¹) of the whitened inducing variables u = L v, moved by natural gradients.</summary>
/// <remarks>
/// Hensman, Fusi &amp; Lawrence (2013), §3; Khan &amp; Lin (2017): in the natural parameters a step of size ρ is a mean of what was
/// and of what the rows say, and a step of one on all rows of a normal likelihood is the optimum.
/// </remarks>
internal sealed class VariationalNormal
{
    private readonly int threads;

    private VariationalNormal(double[] precision, double[] natural, double[] factor, int threads)
    {
        int m = natural.Length;
        (Precision, Natural, Factor, this.threads) = (precision, natural, factor, threads);
        Mean = [.. natural];
        Cholesky.Solve(factor, m, m, Mean);
        Covariance = new double[m * m];
        Cholesky.InvertFromFactor(factor, m, m, Covariance, m, threads);
    }

    /// <summary>Λ, [m, m].</summary>
    public double[] Precision { get; }

    /// <summary>θ, [m].</summary>
    public double[] Natural { get; }

    /// <summary>The Cholesky factor of Λ, [m, m].</summary>
    public double[] Factor { get; }

    /// <summary>[m].</summary>
    public double[] Mean { get; }

    /// <summary>[m, m].</summary>
    public double[] Covariance { get; }

    /// <summary>m.</summary>
    public int Count => Natural.Length;

    /// <summary>The prior N(0, I).</summary>
    public static VariationalNormal Prior(int count, int threads)
    {
        var one = new double[count * count];
        for (int j = 0; j < count; j++)
            one[j * count + j] = 1;
        return new(one, new double[count], (double[])one.Clone(), threads);
    }

    /// <summary>KL(q ‖ N(0, I)) = ½ (tr Λ⁻¹ + |mean|² − m + ln |Λ|).</summary>
    public double KlToPrior()
    {
        double trace = 0;
        for (int j = 0; j < Count; j++)
            trace += Covariance[j * Count + j];
        return 0.5 * (trace + TensorPrimitives.Dot<double>(Mean, Mean) - Count + Cholesky.LogDeterminant(Factor, Count, Count));
    }

    /// <summary>Λ ← (1 − ρ) Λ + ρ (I + G), θ ← (1 − ρ) θ + ρ g; null where that is no precision.</summary>
    /// <param name="gram">G = −2 Σ ∂E/∂vᵢ vᵢ vᵢᵀ, [m, m], its lower triangle.</param>
    /// <param name="projection">g = Σ (∂E/∂μᵢ − 2 ∂E/∂vᵢ μᵢ) vᵢ, [m].</param>
    /// <param name="step">ρ, at most 1.</param>
    public VariationalNormal? Step(double[] gram, double[] projection, double step)
    {
        int m = Count;
        double[] precision = new double[m * m], natural = new double[m];
        for (int j = 0; j < m; j++)
        {
            for (int k = 0; k <= j; k++)
                precision[j * m + k] = (1 - step) * Precision[j * m + k] + step * ((j == k ? 1 : 0) + gram[j * m + k]);
            natural[j] = (1 - step) * Natural[j] + step * projection[j];
        }
        var factor = (double[])precision.Clone();
        return Cholesky.TryFactor(factor, m, m, out _, threads) ? new(precision, natural, factor, threads) : null;
    }
}
