using System.Collections.Concurrent;
using TorchSharp;

namespace ProbML.Vae;

/// <summary>k/2 · ln 2π, kept: a native scalar made anew at each step would only wait for its finalizer.</summary>
internal static class NormalConstant
{
    private static readonly ConcurrentDictionary<long, Scalar> Known = new();

    public static Scalar Of(long dimensions) =>
        Known.GetOrAdd(dimensions, static k => 0.5 * k * Math.Log(2 * Math.PI));
}
