using System.Diagnostics;
using System.Globalization;
using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML.Benchmarks;

/// <summary>What each stage of a pass costs a row, on one thread, a block of rows in the second-level cache as in a fit.</summary>
/// <remarks>The least of many slices of about a millisecond: on a shared machine the quickest slice was left alone.</remarks>
internal sealed class GlmStages
{
    private const int Slices = 400;
    private const double SliceSeconds = 1e-3;

    private readonly RowBuffer buffer;
    private readonly GlmPoint point;
    private readonly RowLikelihood rows, summary;
    private readonly ResponseMoments moments;
    private readonly double[] z, gram, gradient;

    /// <summary>Stages at coefficients [intercept, features].</summary>
    public GlmStages(Design design, IFamily family, double[] beta)
    {
        buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        using (var reader = design.OpenReader())
            reader.Read(buffer);
        moments = new ResponseMoments(design.FeatureCount, family);
        moments.Add(buffer.Block);
        var transform = RowTransform.Standardising(moments, intercept: true, centre: true);
        double[] b = [beta[0], .. Enumerable.Range(0, design.FeatureCount).Select(j => beta[1 + j] / transform.Rate(j))];
        point = new GlmPoint(family, family.CanonicalLink, transform, b);
        rows = new RowLikelihood(point, Information.Expected, false, null);
        summary = new RowLikelihood(
            point, Information.Expected, false, new RowStatistics(family, family.CanonicalLink, 1, b[0]));
        z = GC.AllocateArray<double>(RowLikelihood.Capacity * transform.Stride, pinned: true);
        gram = new double[transform.Width * transform.Width];
        gradient = new double[transform.Width];
    }

    public void Print()
    {
        var transform = point.Transform;
        var (q, stride) = (transform.Width, transform.Stride);
        transform.Apply(buffer.Block, 0, RowLikelihood.Capacity, z, []);
        Gemv.Multiply(z, RowLikelihood.Capacity, q, stride, point.Coefficients, rows.Eta);
        (string, double)[] stages =
        [
            ("standardising", PerRow((at, n) => transform.Apply(buffer.Block, at, n, z, []))),
            ("η = Zb", PerRow((_, n) => Gemv.Multiply(z, n, q, stride, point.Coefficients, rows.Eta))),
            ("link and weights", PerRow((at, n) => rows.Add(buffer.Block, at, n))),
            ("Z's", PerRow((_, n) => Gemv.AccumulateTransposed(z, n, q, stride, rows.Score, gradient))),
            ("Z'WZ", PerRow((_, n) => WeightedGram.Accumulate(z, n, q, stride, rows.Weight, gram))),
            ("link, weights, statistics", PerRow((at, n) =>
            {
                rows.Eta.CopyTo(summary.Eta, 0);
                summary.Add(buffer.Block, at, n);
            })),
            ("moments", PerRow((at, n) =>
            {
                if (at == 0)
                    moments.Add(buffer.Block);
            })),
        ];
        foreach (var (stage, nanoseconds) in stages)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {stage,-26}{nanoseconds,8:F1} ns a row"));
    }

    /// <summary>Nanoseconds a row of something done to 256 rows after the other.</summary>
    private double PerRow(Action<int, int> stage)
    {
        double best = double.PositiveInfinity;
        long repeats = 1;
        for (int slice = 0; slice < Slices; slice++)
        {
            long start = Stopwatch.GetTimestamp();
            for (long k = 0; k < repeats; k++)
                for (int at = 0; at < buffer.Count; at += RowLikelihood.Capacity)
                    stage(at, Math.Min(RowLikelihood.Capacity, buffer.Count - at));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds / (repeats * buffer.Count));
            repeats = Math.Clamp((long)(SliceSeconds / (best * buffer.Count)), 1, 1_000_000);
        }
        return best * 1e9;
    }
}
