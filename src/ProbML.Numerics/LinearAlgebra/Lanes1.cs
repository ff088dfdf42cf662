using System.Runtime.CompilerServices;

namespace ProbML.LinearAlgebra;

/// <summary>One double: the path of last resort, and the plainest account of what the others compute.</summary>
/// <remarks>Multiplies, then adds: without hardware for it, a fused multiply-add is a slow call.</remarks>
internal readonly unsafe struct Lanes1 : ILanes<Lanes1>
{
    private readonly double value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes1(double value) => this.value = value;

    public static int Width => 1;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(double* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Broadcast(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 left, Lanes1 right, Lanes1 sum) =>
        new((left.value * right.value) + sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Add(Lanes1 left, Lanes1 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Multiply(Lanes1 left, Lanes1 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAddOne(double left, double right, double sum) => (left * right) + sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, double* target) => *target = value.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes1 value) => value.value;
}
