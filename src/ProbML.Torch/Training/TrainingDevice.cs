using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace ProbML;

/// <summary>Where a training runs: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>mps</c>.</summary>
/// <remarks>
/// Auto takes the GPU of <c>MLContext.GpuDeviceId</c> where the host names one, else the first CUDA device, else the CPU. It
/// never takes MPS, which lacks 64-bit numbers. A value: it parses, prints and compares.
/// </remarks>
public readonly record struct TrainingDevice : ISpanParsable<TrainingDevice>
{
    private readonly Kind kind;
    private readonly int index;

    private TrainingDevice(Kind kind, int index = 0) => (this.kind, this.index) = (kind, index);

    private enum Kind
    {
        Auto,
        Cpu,
        Cuda,
        Mps,
    }

    /// <summary>A CUDA device where there is one, else the CPU.</summary>
    public static TrainingDevice Auto => default;

    /// <summary>The CPU.</summary>
    public static TrainingDevice Cpu => new(Kind.Cpu);

    /// <summary>Apple's GPU.</summary>
    public static TrainingDevice Mps => new(Kind.Mps);

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static TrainingDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new(Kind.Cuda, index);
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:n</c> or <c>mps</c>, in any case.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static TrainingDevice Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var device)
            ? device
            : throw new FormatException($"'{s}' is no device. Choose auto, cpu, cuda, cuda:0, cuda:1, ... or mps.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static TrainingDevice Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TrainingDevice result)
    {
        var text = s.Trim();
        result = default;
        if (Is(text, "auto"))
            return true;
        if (Is(text, "cpu") || Is(text, "mps"))
        {
            result = Is(text, "cpu") ? Cpu : Mps;
            return true;
        }
        if (!text.StartsWith("cuda", StringComparison.OrdinalIgnoreCase))
            return false;
        int index = 0;
        if (text.Length > 4
            && (text[4] != ':' || !int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            return false;
        }
        result = Cuda(index);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out TrainingDevice result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>What <see cref="Parse(string, IFormatProvider?)"/> reads.</summary>
    public override string ToString() => kind switch
    {
        Kind.Cpu => "cpu",
        Kind.Mps => "mps",
        Kind.Cuda => string.Create(CultureInfo.InvariantCulture, $"cuda:{index}"),
        _ => "auto",
    };

    /// <summary>The device itself.</summary>
    /// <exception cref="InvalidOperationException">A device that was asked for is not there.</exception>
    internal torch.Device Resolve(TrainingMonitor monitor)
    {
        TorchRuntime.EnsureLoaded();
        switch (kind)
        {
            case Kind.Cpu:
                return torch.CPU;
            case Kind.Mps:
                return torch.mps_is_available()
                    ? torch.MPS
                    : throw new InvalidOperationException(
                        "The device 'mps' was asked for, but it is present on Apple Silicon only. Choose auto or cpu.");
            case Kind.Cuda:
                return FindCuda(index) ?? throw new InvalidOperationException(NoCuda(index));
        }
        if (monitor.GpuDeviceId is { } chosen)
        {
            if (FindCuda(chosen) is { } device)
                return device;
            if (!monitor.FallbackToCpu)
                throw new InvalidOperationException(
                    NoCuda(chosen) + " Or let the context fall back to the CPU (FallbackToCpu).");
            monitor.Warning?.Invoke(NoCuda(chosen) + " Training goes on on the CPU.");
            return torch.CPU;
        }
        if (FindCuda(0) is { } first)
            return first;
        if (DriverIsThere())
            monitor.Information?.Invoke(
                "Training runs on the CPU though a CUDA driver is installed: the application carries TorchSharp-cpu. With "
                + "TorchSharp-cuda-linux or TorchSharp-cuda-windows in its place, it would run on the GPU.");
        return torch.CPU;
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static torch.Device? FindCuda(int number) =>
        torch.cuda.is_available() && number < torch.cuda.device_count() && torch.TryInitializeDeviceType(DeviceType.CUDA)
            ? torch.device(DeviceType.CUDA, number)
            : null;

    private static string NoCuda(int number)
    {
        int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        string found = count > 0
            ? $"there are {count}, numbered from 0"
            : DriverIsThere()
                ? "the application carries TorchSharp-cpu; add TorchSharp-cuda-linux or TorchSharp-cuda-windows in its place"
                : "no CUDA driver was found";
        return $"The device 'cuda:{number}' was asked for, but {found}. Otherwise choose auto or cpu.";
    }

    private static bool DriverIsThere()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver))
            return false;
        NativeLibrary.Free(driver);
        return true;
    }
}
