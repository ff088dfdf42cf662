namespace ProbML.GaussianProcesses;

/// <summary>K̂ = K(X, X) + D of inputs X that lie on a device: factorised, or multiplied by without ever being held.</summary>
/// <param name="x">X, [n, d].</param>
public abstract class CovarianceMatrix(InputColumns x) : IDisposable
{
    /// <summary>X, [n, d].</summary>
    public InputColumns X { get; } = x ?? throw new ArgumentNullException(nameof(x));

    /// <summary>L Lᵀ = K̂ + ε I, ε a part of the mean diagonal of K̂; null: not positive definite.</summary>
    /// <param name="kernel">k, for the number of features; its white noise is part of K.</param>
    /// <param name="noise">The diagonal of D, [n].</param>
    /// <param name="jitterPart">ε over that mean.</param>
    /// <exception cref="InsufficientMemoryException">Matrices of n × n do not fit; the message says how many bytes they need.</exception>
    public abstract CovarianceFactor? Factor(Kernel kernel, ReadOnlySpan<double> noise, double jitterPart);

    /// <summary>K̂ B, [n, columns] row-major, in blocks of rows: memory O(n), never n × n.</summary>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="noise">The diagonal of D, [n].</param>
    /// <param name="b">B, [n, columns], row-major.</param>
    /// <param name="columns">How many.</param>
    /// <exception cref="InsufficientMemoryException">Not even a row fits.</exception>
    public abstract double[] Multiply(Kernel kernel, ReadOnlySpan<double> noise, ReadOnlySpan<double> b, int columns);

    /// <summary>Σₛ aₛᵀ (∂K/∂φ) bₛ for each free parameter φ of the kernel, in blocks of rows.</summary>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="a">A, [n, columns], row-major.</param>
    /// <param name="b">B, [n, columns], row-major.</param>
    /// <param name="columns">How many.</param>
    /// <exception cref="InsufficientMemoryException">Not even a row fits.</exception>
    public abstract double[] Gradient(Kernel kernel, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int columns);

    /// <summary>Frees what it has on the device.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it has on the device.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
