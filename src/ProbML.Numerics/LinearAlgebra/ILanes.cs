namespace ProbML.LinearAlgebra;

/// <summary>A register of doubles: kernels are written once in terms of it and compiled once for each width.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>The number of doubles in a register.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of a tile such that its accumulators, three registers a row, stay in registers.</summary>
    static abstract int TileRows { get; }

    /// <summary>Reads <see cref="Width"/> doubles.</summary>
    static abstract TSelf Load(double* source);

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary><paramref name="left"/> · <paramref name="right"/> + <paramref name="sum"/>, lane by lane.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf sum);

    /// <summary><paramref name="left"/> + <paramref name="right"/>, lane by lane.</summary>
    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary><paramref name="left"/> · <paramref name="right"/>, lane by lane.</summary>
    static abstract TSelf Multiply(TSelf left, TSelf right);

    /// <summary>left · right + sum of single numbers, rounded as <see cref="MultiplyAdd"/> rounds.</summary>
    static abstract double MultiplyAddOne(double left, double right, double sum);

    /// <summary>Writes <see cref="Width"/> doubles.</summary>
    static abstract void Store(TSelf value, double* target);

    /// <summary>The sum over the lanes.</summary>
    static abstract double Sum(TSelf value);
}
