namespace ProbML.GaussianProcesses;

/// <summary>One input x against a run of others z: a part of a row of a Gram matrix.</summary>
/// <param name="x">[d].</param>
/// <param name="others">The inputs z.</param>
/// <param name="from">The first of them.</param>
/// <param name="count">How many of them.</param>
/// <param name="self">Which of <paramref name="others"/> is the very row x, counted from the first of all; −1: none is.</param>
public readonly ref struct KernelRow(ReadOnlySpan<double> x, InputColumns others, int from, int count, int self = -1)
{
    /// <summary>x, [d].</summary>
    public ReadOnlySpan<double> X { get; } = x;

    /// <summary>How many z there are, m.</summary>
    public int Count { get; } = count;

    /// <summary>Which of the run is x itself; −1: none is. Equal numbers alone do not make a row the same.</summary>
    public int Self { get; } = self >= from && self < from + count ? self - from : -1;

    /// <summary>d.</summary>
    public int Features => X.Length;

    /// <summary>One feature of the z, [m].</summary>
    public ReadOnlySpan<double> Others(int feature) => others.Column(feature).Slice(from, Count);
}
