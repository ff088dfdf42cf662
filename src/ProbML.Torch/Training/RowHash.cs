using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>SHA-256 of rows as a training reads them.</summary>
internal sealed class RowHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds numbers.</summary>
    public void Add<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(numbers));

    /// <summary>The hash, in hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>The hash of rows as tensors.</summary>
    public static string Of(TrainingBatch rows)
    {
        using var scope = NewDisposeScope();
        using var all = new RowHash();
        foreach (var tensor in new[] { rows.Features, rows.Response, rows.Weights }.OfType<Tensor>())
            all.Add<byte>(tensor.detach().cpu().contiguous().bytes);
        return all.Finish();
    }

    public void Dispose() => hash.Dispose();
}
