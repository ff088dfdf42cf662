using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Tensors of indices, made once for each device: a formula asks for the same in every step.</summary>
internal static class KeptIndices
{
    private const int Most = 1024;

    private static readonly ConcurrentDictionary<Key, Tensor> Kept = new();

    /// <summary>The indices as a tensor, which must not be disposed.</summary>
    public static Tensor Of(ReadOnlySpan<long> indices, Device device)
    {
        var key = new Key(indices.ToArray(), device.type, device.index);
        if (Kept.TryGetValue(key, out var tensor))
            return tensor;
        if (Kept.Count >= Most)
            Kept.Clear();                                    // what is in use stays alive; the collector frees the others
        return Kept.GetOrAdd(key, static key => torch.tensor(key.Indices, device: new Device(key.Type, key.Index)).DetachFromDisposeScope());
    }

    private readonly record struct Key(long[] Indices, DeviceType Type, int Index)
    {
        public bool Equals(Key other) =>
            Type == other.Type && Index == other.Index && Indices.AsSpan().SequenceEqual(other.Indices);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Type);
            hash.Add(Index);
            hash.AddBytes(MemoryMarshal.AsBytes<long>(Indices));
            return hash.ToHashCode();
        }
    }
}
