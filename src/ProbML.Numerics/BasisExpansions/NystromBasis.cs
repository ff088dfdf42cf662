using ProbML.GaussianProcesses;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>A kernel's own functions about some of the rows.</summary>
/// <remarks>The numbers it fixes: the centres [d, Count], column by column, then L⁻¹ [Count, Count]; zero past the centres there are.</remarks>
internal sealed record NystromBasis : BasisExpansion
{
    private const int MostCentres = 8_000;               // L⁻¹ of more would be half a gigabyte
    private const int LeastSample = 5_000, SamplePerCentre = 10;

    // Tried in turn, parts of the mean diagonal of K_mm.
    private static readonly double[] Jitters = [0, 1e-12, 1e-10, 1e-8, 1e-6];

    private readonly Kernel kernel;
    private readonly InducingSelection selection;

    public NystromBasis(Kernel kernel, int count, InducingSelection selection, int seed)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        (this.kernel, Count, this.selection, Seed) = (kernel, Check(count, 1, MostCentres, nameof(count)), selection, seed);
        if (!Enum.IsDefined(selection))
            throw new ArgumentOutOfRangeException(nameof(selection), selection, "There is no such selection.");
    }

    public override int Count { get; }

    internal override int Seed { get; }

    internal override int SampleSize =>
        selection == InducingSelection.Random ? Count : Math.Max(LeastSample, SamplePerCentre * Count);

    internal override double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample)
    {
        int d = ranges.Mean.Length;
        var rows = new double[sample.Count * d];
        for (int i = 0; i < sample.Count; i++)
            ranges.Standardise(sample[i], rows.AsSpan(i * d, d));
        var shaped = kernel.ForFeatures(d);
        var centres = InducingInputs.Choose(InputColumns.FromRows(rows, d), Count, selection, shaped, new Random(Seed));
        int m = centres.Rows;
        var inducing = Jitters.Select(jitter => InducingCovariance.TryCreate(shaped, centres, jitter, Environment.ProcessorCount))
            .FirstOrDefault(tried => tried is not null) ?? throw new InvalidOperationException(
                $"The covariance of {m} centres under {shaped} is not positive definite to double precision: take fewer, or shorter lengthscales.");
        var inverse = new double[m * m];
        for (int k = 0; k < m; k++)
            inverse[k * m + k] = 1;
        inducing.Whiten(inverse, m);
        var numbers = new double[Count * (d + Count)];
        for (int j = 0; j < d; j++)
            centres.Column(j).CopyTo(numbers.AsSpan(j * Count));
        for (int k = 0; k < m; k++)
            inverse.AsSpan(k * m, k + 1).CopyTo(numbers.AsSpan(Count * (d + k)));
        return numbers;
    }

    internal override void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values)
    {
        using var rented = new RentedNumbers(2 * Count);
        Span<double> row = rented.Take(Count), whitened = rented.Take(Count);
        kernel.ForFeatures(z.Length).Row(new KernelRow(z, InputColumns.Over(prepared, Count, z.Length), 0, Count), row);
        Gemv.Multiply(prepared.AsSpan(Count * z.Length), Count, Count, Count, row, whitened);
        for (int k = 0; k < Count; k++)
            values[k] = (float)whitened[k];
    }

    internal override OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared) => throw new NotSupportedException(
        $"Functions of the kernel {kernel} about {Count} centres cannot be written as ONNX; random Fourier features and radial bases can.");

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(5);
        writer.Write(kernel.ToString());
        writer.Write(Count);
        writer.Write((int)selection);
        writer.Write(Seed);
    }

    /// <summary>Reads what <see cref="Write"/> wrote after its number.</summary>
    internal static NystromBasis ReadParts(BinaryReader reader) =>
        new(Kernel.Parse(reader.ReadString()), reader.ReadInt32(), (InducingSelection)reader.ReadInt32(), reader.ReadInt32());
}
