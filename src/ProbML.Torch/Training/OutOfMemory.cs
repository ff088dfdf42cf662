using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Tells a device that has run out of memory from other errors of libtorch, and says what to do.</summary>
internal static class OutOfMemory
{
    // c10's CUDA and CPU allocators.
    private static readonly string[] Signs = ["out of memory", "can't allocate memory", "not enough memory"];

    public static bool Is(ExternalException error) =>
        Array.Exists(Signs, sign => error.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    public static InsufficientMemoryException Advise(ExternalException error, TrainingOptions options, Device device) =>
        new(
            $"The device '{device}' has too little memory for this training. "
            + (options.BatchSize > 1 ? $"Set BatchSize to {options.BatchSize / 2} or less (it is {options.BatchSize}), " : "")
            + "lower MemoryBudget so that rows are streamed, or make the network smaller. "
            + $"libtorch says: {error.Message.Split('\n')[0]}",
            error);
}
