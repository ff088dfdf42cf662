using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>The rows of a design as an inference that streams is given them: scaled on the way, and a random sample in memory.</summary>
internal sealed class StreamedRows
{
    private StreamedRows(Design rows, long count, GaussianProcessScaling scaling, GaussianProcessRows sample) =>
        (Rows, Count, Scaling, Sample) = (rows, count, scaling, sample);

    /// <summary>All rows, scaled; offsets are in the response already.</summary>
    public Design Rows { get; }

    /// <summary>n, rows of positive weight.</summary>
    public long Count { get; }

    /// <summary>How they are scaled.</summary>
    public GaussianProcessScaling Scaling { get; }

    /// <summary>Some of them, drawn at random among the distinct ones; all, where they are few.</summary>
    public GaussianProcessRows Sample { get; }

    /// <summary>One pass for means, deviations and the sample.</summary>
    /// <param name="design">Where the rows come from.</param>
    /// <param name="options">Whether they are scaled.</param>
    /// <param name="size">The sample's rows.</param>
    /// <param name="monitor">Cancellation.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or one that is not finite.</exception>
    public static StreamedRows Read(Design design, GaussianProcessOptions options, int size, TrainingMonitor monitor)
    {
        int d = design.FeatureCount, seed = options.Seed ?? monitor.Seed ?? 1;
        var sum = design.Sum(() => new JointSum(design, size, seed), monitor, options.Threads).Ranges;
        if (sum.Rows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        var ranges = sum.Ranges();
        double[] shift = new double[d], scale = new double[d];
        for (int j = 0; j < d; j++)
            (shift[j], scale[j]) = options.StandardizeFeatures ? (ranges.Mean[j], Positive(ranges.Deviation[j])) : (0, 1);
        var scaling = options.StandardizeLabel
            ? GaussianProcessScaling.Of(shift, scale, ranges.Mean[d], Positive(ranges.Deviation[d]))
            : GaussianProcessScaling.Of(shift, scale, 0, 1);
        var drawn = sum.Sample();
        double[] x = new double[drawn.Count * d], y = new double[drawn.Count];
        for (int i = 0; i < drawn.Count; i++)
        {
            drawn[i].AsSpan(0, d).CopyTo(x.AsSpan(i * d));
            y[i] = scaling.Target(drawn[i][d]);
        }
        scaling.Apply(x);
        bool isConstant = ranges.Largest[d] - ranges.Least[d]
            <= 1e-14 * Math.Max(Math.Abs(ranges.Least[d]), Math.Abs(ranges.Largest[d]));
        var sample = new GaussianProcessRows(InputColumns.FromRows(x, d), y, [], [], scaling) { IsConstant = isConstant };
        return new(new ScaledDesign(design, scaling), sum.Rows, scaling, sample);
    }

    private static double Positive(double deviation) => deviation > 0 && double.IsFinite(deviation) ? deviation : 1;

    /// <summary>Ranges and a sample of (x, y − offset).</summary>
    private sealed class JointSum(Design design, int size, int seed) : IBlockSum<JointSum>
    {
        private readonly int d = design.FeatureCount;
        private double[] joint = [], ones = [];

        public RangeSum Ranges { get; } = new(design.FeatureCount + 1, size, seed);

        public void Clear() => Ranges.Clear();

        public void Merge(JointSum other) => Ranges.Merge(other.Ranges);

        public void Add(in RowBlock rows)
        {
            if (ones.Length < rows.Count)
                (joint, ones) = (new double[rows.Count * (d + 1)], new double[rows.Count]);
            for (int i = 0; i < rows.Count; i++)
            {
                ones[i] = rows.Weight(i) > 0 ? 1 : 0;              // weights are of the noise, not of the rows' spread
                var row = joint.AsSpan(i * (d + 1), d + 1);
                rows.Row(i).CopyTo(row);
                row[d] = rows.Response[i] - rows.Offset(i);
                if (ones[i] > 0)
                    GaussianProcessRows.Check(design, rows, i);
            }
            Ranges.Add(new RowBlock(rows.Count, d + 1, joint, weights: ones.AsSpan(0, rows.Count), rowNumbers: rows.RowNumbers));
        }
    }
}
