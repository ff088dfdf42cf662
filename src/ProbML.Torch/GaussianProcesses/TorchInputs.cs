using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <summary>Inputs on a device, a row a feature, [d, n], and the way of numbers there and back.</summary>
internal sealed class TorchInputs : IDisposable
{
    public TorchInputs(InputColumns x, Device device)
    {
        (Rows, Features, Device) = (x.Rows, x.Features, device);
        var columns = new double[(long)x.Rows * x.Features];
        for (int j = 0; j < x.Features; j++)
            x.Column(j).CopyTo(columns.AsSpan(j * x.Rows));
        using var scope = NewDisposeScope();
        Columns = Upload(columns, x.Features, x.Rows).DetachFromDisposeScope();
    }

    /// <summary>n.</summary>
    public int Rows { get; }

    /// <summary>d.</summary>
    public int Features { get; }

    public Device Device { get; }

    /// <summary>[d, n].</summary>
    public Tensor Columns { get; }

    /// <summary>Copies numbers to the device.</summary>
    public Tensor Upload(ReadOnlySpan<double> numbers, params long[] shape)
    {
        var host = empty(shape, ScalarType.Float64, CPU);
        NumberCopy.To(host, numbers);
        return host.to(Device);
    }

    /// <summary>Copies a tensor into memory, row-major.</summary>
    public static void Download(Tensor tensor, Span<double> numbers)
    {
        using var host = tensor.to(CPU).contiguous();
        MemoryMarshal.Cast<byte, double>(host.bytes).CopyTo(numbers);
    }

    public void Dispose() => Columns.Dispose();
}
