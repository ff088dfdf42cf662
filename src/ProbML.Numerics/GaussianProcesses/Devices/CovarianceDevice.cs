namespace ProbML.GaussianProcesses;

/// <summary>Where the covariance of many rows is computed in place of the managed code on the CPU, such as a GPU.</summary>
/// <remarks>
/// What trains on a device scores without it: posteriors keep their numbers in managed memory. Implementations are values
/// that can be opened again and again, and may be used from several fits.
/// </remarks>
public abstract record CovarianceDevice
{
    /// <summary>Brings inputs to the device.</summary>
    /// <param name="x">X, [n, d].</param>
    /// <param name="monitor">Which GPU the host chose, and who is told what was done instead; null: nobody.</param>
    /// <exception cref="InvalidOperationException">The device is not there; the message says what there is.</exception>
    /// <exception cref="InsufficientMemoryException">The inputs do not fit.</exception>
    public abstract CovarianceMatrix Open(InputColumns x, TrainingMonitor? monitor = null);
}
