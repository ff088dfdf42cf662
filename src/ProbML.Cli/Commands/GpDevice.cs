using System.Runtime.CompilerServices;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>Where a Gaussian process is computed, apart from what chooses it: without --device nothing of TorchSharp is loaded.</summary>
internal static class GpDevice
{
    /// <summary>The device of a name.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has no 64-bit numbers.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static CovarianceDevice Of(string name) => new TorchCovarianceDevice { Device = VaeChoice.DeviceOf(name) };

    /// <summary>Loads libtorch, before the file is read.</summary>
    /// <exception cref="UsageException">There is no libtorch, or none that can be used.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Load() => TorchFit.LoadLibrary("gp with --device");
}
