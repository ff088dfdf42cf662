using MathNet.Numerics.Statistics;
using ProbML.LinearAlgebra;
using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>Two samples seen from b centres: squared distances, and kernels of any width.</summary>
internal sealed class KernelColumns
{
    private static readonly double[] Factors = [0.1, 0.14, 0.18, 0.22, 0.26, 0.3, 0.36, 0.43, 0.5, 0.6, 0.7, 0.85, 1, 1.4, 2];
    private const int Stride = 3;

    private readonly double[] fromNumerator, fromDenominator;

    public KernelColumns(double[] numerator, double[] denominator, int d, KernelRatioOptions options)
    {
        options.Validate();
        (Numerator, Denominator) = SampleCheck.Rows(numerator, denominator, d);
        Centres = options.Centres is { } given ? Given(given, d) : Draw(numerator, d, options);
        Count = Centres.Length / d;
        Scales = options.Bandwidth is null ? DeviationsOf(numerator, denominator, d) : [.. Enumerable.Repeat(1.0, d)];
        double[] top = Scaled(numerator), bottom = Scaled(denominator), about = Scaled(Centres);
        fromNumerator = Distances.Squared(top, about, d);
        fromDenominator = Distances.Squared(bottom, about, d);
        double median = Distances.MedianSquared(top, bottom, d, options.Seed);
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

    /// <summary>What each feature is divided by before distances are taken, [d].</summary>
    public double[] Scales { get; }

    /// <summary>The widths to choose from.</summary>
    public double[] Bandwidths { get; }

    /// <summary>The width of largest score: the best of every third, and from there on for as long as the score rises.</summary>
    public double ChooseBandwidth(Func<double, double> score)
    {
        if (Bandwidths.Length == 1)
            return Bandwidths[0];
        var known = new Dictionary<int, double>();
        int at = Enumerable.Range(0, Bandwidths.Length).Where(place => place % Stride == 1).MaxBy(Score);
        while (true)
        {
            int best = new[] { at, at - 1, at + 1 }.Where(place => place >= 0 && place < Bandwidths.Length).MaxBy(Score);
            if (best == at)
                return Bandwidths[at];
            at = best;
        }

        double Score(int place)
        {
            if (!known.TryGetValue(place, out double value))
                known[place] = value = score(Bandwidths[place]) is var found && double.IsNaN(found) ? double.NegativeInfinity : found;
            return value;
        }
    }

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

    /// <summary>The fold of each row, by chance and of equal sizes.</summary>
    public static int[] Deal(int rows, int folds, int seed)
    {
        int[] dealt = [.. Enumerable.Range(0, rows).Select(i => i % folds)];
        new Random(seed).Shuffle(dealt);
        return dealt;
    }

    /// <summary>The kernels of the rows that a fold holds out, or of the others.</summary>
    public static double[] Part(double[] kernels, int b, int[] dealt, int fold, bool isHeld)
    {
        var part = new double[dealt.Count(one => one == fold == isHeld) * b];
        int at = 0;
        for (int i = 0; i < dealt.Length; i++)
            if (dealt[i] == fold == isHeld)
                kernels.AsSpan(i * b, b).CopyTo(part.AsSpan(b * at++, b));
        return part;
    }

    private double[] Scaled(double[] rows)
    {
        var scaled = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            scaled[i] = rows[i] / Scales[i % Scales.Length];
        return scaled;
    }

    /// <summary>The standard deviation of each feature over both samples; 1 of a constant one.</summary>
    private static double[] DeviationsOf(double[] numerator, double[] denominator, int d)
    {
        var deviations = new double[d];
        for (int j = 0; j < d; j++)
        {
            double deviation = ArrayStatistics.StandardDeviation(
                [.. numerator.Concat(denominator).Where((_, i) => i % d == j)]);
            deviations[j] = deviation is > 0 and < double.PositiveInfinity ? deviation : 1;
        }
        return deviations;
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
