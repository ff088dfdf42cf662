using ProbML.LinearAlgebra;
using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>Two samples seen from b centres: squared distances, and kernels of any width.</summary>
internal sealed class KernelColumns
{
    private static readonly double[] Factors = [0.2, 0.35, 0.5, 0.7, 1, 1.4, 2];

    private readonly double[] fromNumerator, fromDenominator;

    public KernelColumns(double[] numerator, double[] denominator, int d, KernelRatioOptions options)
    {
        options.Validate();
        (Numerator, Denominator) = SampleCheck.Rows(numerator, denominator, d);
        Centres = options.Centres is { } given ? Given(given, d) : Draw(numerator, d, options);
        Count = Centres.Length / d;
        fromNumerator = Distances.Squared(numerator, Centres, d);
        fromDenominator = Distances.Squared(denominator, Centres, d);
        double median = Distances.MedianSquared(numerator, denominator, d, options.Seed);
        if (options.Bandwidth is null && median == 0)
            throw new ArgumentException("More than half of all rows are equal: there is no distance to take for a bandwidth.");
        Bandwidths = options.Bandwidth is { } one ? [one] : [.. Factors.Select(factor => factor * Math.Sqrt(median))];
    }

    /// <summary>The rows of each sample.</summary>
    public int Numerator { get; }

    public int Denominator { get; }

    /// <summary>b.</summary>
    public int Count { get; }

    public double[] Centres { get; }

    /// <summary>The widths to choose from.</summary>
    public double[] Bandwidths { get; }

    /// <summary>Kernels of the numerator's rows, [n, b].</summary>
    public double[] OfNumerator(double bandwidth) => Kernels(fromNumerator, bandwidth);

    /// <summary>Kernels of the denominator's rows, [m, b].</summary>
    public double[] OfDenominator(double bandwidth) => Kernels(fromDenominator, bandwidth);

    /// <summary>KᵀK / n, [b, b].</summary>
    public static double[] Gram(double[] kernels, int rows, int count)
    {
        var gram = new double[count * count];
        Gemm.Accumulate(count, count, rows, 1.0 / rows, kernels, count, true, kernels, count, false, gram, count);
        return gram;
    }

    /// <summary>The mean row, [b].</summary>
    public static double[] Mean(double[] kernels, int rows, int count)
    {
        var mean = new double[count];
        for (int i = 0; i < rows; i++)
            System.Numerics.Tensors.TensorPrimitives.Add(mean, kernels.AsSpan(i * count, count), mean);
        System.Numerics.Tensors.TensorPrimitives.Divide(mean, rows, mean);
        return mean;
    }

    private static double[] Kernels(double[] squares, double bandwidth)
    {
        var kernels = new double[squares.Length];
        for (int i = 0; i < squares.Length; i++)
            kernels[i] = Math.Exp(-squares[i] / (2 * bandwidth * bandwidth));
        return kernels;
    }

    private static double[] Given(IReadOnlyList<double> centres, int d)
    {
        double[] all = [.. centres];
        SampleCheck.Rows(all, d, 1, "centres'");
        return all;
    }

    private static double[] Draw(double[] numerator, int d, KernelRatioOptions options)
    {
        int[] order = [.. Enumerable.Range(0, numerator.Length / d)];
        new Random(options.Seed).Shuffle(order);
        return [.. order.Take(options.CentreCount).SelectMany(i => numerator[(i * d)..((i + 1) * d)])];
    }
}
