using System.Globalization;
using System.Runtime.InteropServices;
using ProbML.GaussianProcesses;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Covariances of Gaussian processes through libtorch, in double precision: on CUDA where there is such a device.</summary>
/// <remarks>
/// For <see cref="GaussianProcessOptions.Device"/>. Exact inference keeps three n × n matrices on the device, 24 n² bytes;
/// conjugate gradients keep none: kernels are computed in blocks of rows and forgotten. Gradients are those of automatic
/// differentiation, block by block. On a CPU the managed kernels are the quicker ones: leave the option out.
/// </remarks>
public sealed record TorchCovarianceDevice : CovarianceDevice
{
    private readonly TrainingDevice device;
    private readonly long blockBytes = 256L << 20;
    private readonly long? memoryLimit;

    /// <summary>Which device; not <c>mps</c>, which has no 64-bit numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is <c>mps</c>.</exception>
    public TrainingDevice Device
    {
        get => device;
        init => device = value != TrainingDevice.Mps
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Device), value, "Covariances need 64-bit numbers, which 'mps' lacks. Choose auto, cpu or cuda.");
    }

    /// <summary>About how many bytes the blocks of a kernel matrix may take at once, all that their gradient needs included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long BlockBytes
    {
        get => blockBytes;
        init => blockBytes = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(BlockBytes), value, "A number of bytes must be positive.");
    }

    /// <summary>The most bytes that n × n matrices may take on the device; null: what it has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long? MemoryLimit
    {
        get => memoryLimit;
        init => memoryLimit = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MemoryLimit), value, "A number of bytes must be positive.");
    }

    /// <inheritdoc/>
    public override CovarianceMatrix Open(InputColumns x, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var found = Device.Resolve(monitor ?? TrainingMonitor.None);
        return Guard(found, 8L * x.Rows * x.Features, x.Rows, () => new TorchCovarianceMatrix(this, found, x));
    }

    /// <summary>Runs an operation, and says what to do where the device has too little memory for it.</summary>
    internal static T Guard<T>(Device device, long bytes, int rows, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (ExternalException error) when (OutOfMemory.Is(error))
        {
            throw TooMuch(device, bytes, rows, $"libtorch says: {error.Message.Split('\n')[0]}", error);
        }
    }

    /// <summary>That matrices do not fit.</summary>
    internal static InsufficientMemoryException TooMuch(Device device, long bytes, int rows, string reason, Exception? inner = null) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The device '{device}' has too little memory for a Gaussian process of {rows} rows: this step needs {bytes} bytes ")
        + $"({reason}). Take fewer rows, or choose ConjugateGradientInference (with a smaller BlockBytes), which holds no covariance, or "
        + "a sparse inference: SparseVariationalInference (SGPR), StochasticVariationalInference (SVGP).",
        inner);
}
