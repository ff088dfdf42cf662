using System.Numerics.Tensors;
using ProbML.Evaluation;

namespace ProbML.DensityRatios;

/// <summary>ln r(x) = ln Σₖ exp(wₖ₀ + wₖᵀφ(z)) − ln(n_p/n_q), z the standardised features.</summary>
internal sealed class RatioFunction
{
    private readonly FeatureRanges ranges;
    private readonly double[] coefficients;               // [K, 1 + p], intercepts first

    public RatioFunction(FeatureRanges ranges, RatioTerms terms, double[] coefficients, double logPriorOdds) =>
        (this.ranges, Terms, this.coefficients, LogPriorOdds) = (ranges, terms, coefficients, logPriorOdds);

    public RatioTerms Terms { get; }

    public int Components => coefficients.Length / (Terms.Count + 1);

    public ReadOnlySpan<double> Coefficients => coefficients;

    public FeatureRanges Ranges => ranges;

    /// <summary>ln(n_p/n_q) among the rows it was fitted to.</summary>
    public double LogPriorOdds { get; }

    /// <summary>The classifier's log odds; NaN where a feature is not finite.</summary>
    public double LogOdds(ReadOnlySpan<double> x)
    {
        using var rented = new RentedNumbers(Terms.Count);
        var terms = rented.Take(Terms.Count);
        ranges.Standardise(x, terms[..x.Length]);
        if (!double.IsFinite(TensorPrimitives.Sum<double>(terms[..x.Length])))
            return double.NaN;
        Terms.Fill(terms[..x.Length], terms);
        return OfTerms(terms, coefficients);
    }

    public double LogRatio(ReadOnlySpan<double> x) => LogOdds(x) - LogPriorOdds;

    /// <summary>ln Σₖ exp(wₖ₀ + wₖᵀφ).</summary>
    public static double OfTerms(ReadOnlySpan<double> terms, ReadOnlySpan<double> coefficients)
    {
        int width = terms.Length + 1, count = coefficients.Length / width;
        if (count == 1)
            return coefficients[0] + TensorPrimitives.Dot(terms, coefficients[1..]);
        Span<double> eta = stackalloc double[count];
        for (int k = 0; k < count; k++)
        {
            var own = coefficients.Slice(k * width, width);
            eta[k] = own[0] + TensorPrimitives.Dot(terms, own[1..]);
        }
        return LogSum.Of(eta);
    }

    public OnnxReal Emit(OnnxScope scope, OnnxValue features)
    {
        int d = Terms.Dimension, p = Terms.Count, count = Components;
        double[] scale = [.. ranges.Deviation.Select(sd => sd > 0 ? 1 / sd : 0)];
        var x = scope.Double(features);
        var z = (x - scope.Constant(ranges.Mean, 1, d)) * scope.Constant(scale, 1, d);
        var phi = Terms.Pairs.Length == 0
            ? z
            : scope.Join(
                z,
                z.Columns([.. Terms.Pairs.Select(pair => (long)pair.Left)])
                    * z.Columns([.. Terms.Pairs.Select(pair => (long)pair.Right)]));
        var slopes = new double[p * count];
        var intercepts = new double[count];
        for (int k = 0; k < count; k++)
        {
            intercepts[k] = coefficients[k * (p + 1)];
            for (int m = 0; m < p; m++)
                slopes[m * count + k] = coefficients[k * (p + 1) + 1 + m];
        }
        var eta = phi.Times(scope.Constant(slopes, p, count)) + scope.Constant(intercepts, 1, count);
        return count == 1 ? eta : eta.RowLogSumExp();
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write((int)Terms.Shape);
        writer.WriteArray(ranges.Mean);
        writer.WriteArray(ranges.Deviation);
        writer.WriteArray(coefficients);
        writer.Write(LogPriorOdds);
    }

    public static RatioFunction Read(BinaryReader reader)
    {
        var shape = (RatioShape)reader.ReadInt32();
        double[] mean = reader.ReadDoubleArray("means"), deviation = reader.ReadDoubleArray("deviations");
        double[] coefficients = reader.ReadDoubleArray("coefficients");
        double prior = reader.ReadDouble();
        if (!Enum.IsDefined(shape) || mean.Length == 0 || mean.Length != deviation.Length
            || RatioTerms.CountOf(shape, mean.Length) + 1 is var width && width > coefficients.Length
            || coefficients.Length % width != 0)
            throw new FormatException("The density ratio's parts do not fit each other: the model is damaged.");
        return new(new(mean, deviation, mean, mean), new(shape, mean.Length), coefficients, prior);
    }
}
