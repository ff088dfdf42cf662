using System.Collections.Concurrent;
using TorchSharp;

namespace ProbML.Vae;

/// <summary>k/2 · ln 2π, kept: a native scalar made for one call waits for its finalizer, or is finalized while it is read.</summary>
internal static class NormalConstant
{
    private static readonly ConcurrentDictionary<long, Scalar> Known = new();

    public static Scalar Of(long dimensions) =>
        Known.GetOrAdd(dimensions, static k => 0.5 * k * Math.Log(2 * Math.PI));
}
