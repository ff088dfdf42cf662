namespace ProbML.GaussianProcesses;

/// <summary>The Cholesky factor L of a covariance, L Lᵀ = K̂, wherever it lies.</summary>
public abstract class CovarianceFactor : IDisposable
{
    /// <summary>What was added to the diagonal.</summary>
    public abstract double Jitter { get; }

    /// <summary>ln |K̂|.</summary>
    public abstract double LogDeterminant { get; }

    /// <summary>K̂⁻¹ b in place of b, [n].</summary>
    public abstract void Solve(Span<double> b);

    /// <summary>½ tr((ααᵀ − K̂⁻¹) ∂K/∂φ) for each free parameter φ of the kernel, and the diagonal of K̂⁻¹.</summary>
    /// <remarks>Rasmussen &amp; Williams (2006), eq. 5.9.</remarks>
    /// <param name="alpha">α, [n].</param>
    /// <param name="inverseDiagonal">[n], filled.</param>
    public abstract double[] Gradient(ReadOnlySpan<double> alpha, Span<double> inverseDiagonal);

    /// <summary>The diagonal of K̂⁻¹, [n].</summary>
    public abstract void InverseDiagonal(Span<double> values);

    /// <summary>L in managed memory, [n, n] row-major; what lies above its diagonal is not defined.</summary>
    public abstract double[] Lower();

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees it.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
