using System.Collections.Concurrent;
using TorchSharp;

namespace ProbML;

/// <summary>
/// Numbers as libtorch takes them. TorchSharp makes them of doubles unasked, and the garbage collector may free those before
/// libtorch has read them: the wrong number, or an exception, once in many trainings. BannedSymbols.txt keeps them out.
/// </summary>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Kept = new();

    /// <summary>A constant of a formula, kept for good.</summary>
    public static Scalar Of(double constant) => Kept.GetOrAdd(constant, New);

    /// <summary>A number that changes: the caller's to dispose, after its use.</summary>
#pragma warning disable RS0030 // the one place where a double becomes a Scalar
    public static Scalar New(double number) => number;

    /// <summary>A whole number: the caller's to dispose, after its use.</summary>
    public static Scalar New(long number) => number;
#pragma warning restore RS0030
}
