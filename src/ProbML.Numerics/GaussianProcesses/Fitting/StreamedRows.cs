namespace ProbML.GaussianProcesses;

/// <summary>The rows of a design as an inference that streams is given them: scaled on the way, and a random sample in memory.</summary>
internal sealed class StreamedRows
{
    private StreamedRows(Design rows, JointSum sum, GaussianProcessScaling scaling, GaussianProcessRows sample)
    {
        (Rows, Count, Scaling, Sample) = (rows, sum.Ranges.Rows, scaling, sample);
        (WeightSum, Rate) = (sum.WeightSum, scaling.Target(sum.ResponseSum / sum.Exposure));
    }

    /// <summary>All rows, scaled; offsets are in the response already, unless they are f's.</summary>
    public Design Rows { get; }

    /// <summary>Σ weights.</summary>
    public double WeightSum { get; }

    /// <summary>The scaled response's weighted mean; where offsets are f's, Σ ω y / Σ ω e^offset.</summary>
    public double Rate { get; }

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
    /// <param name="likelihood">What responses must suit; null: a normal one.</param>
    /// <exception cref="InvalidOperationException">There are no rows, or one that is not finite.</exception>
    public static StreamedRows Read(
        Design design, GaussianProcessOptions options, int size, TrainingMonitor monitor, LatentLikelihood? likelihood = null)
    {
        int d = design.FeatureCount, seed = options.Seed ?? monitor.Seed ?? 1;
        var (kernel, names) = (options.Kernel.ForFeatures(d), options.IndexDims);
        bool keepsOffsets = likelihood is { ScalesTarget: false };
        var whole = design.Sum(() => new JointSum(design.FeatureNames, design.ResponseName, size, seed, likelihood, kernel, keepsOffsets), monitor, options.Threads);
        var sum = whole.Ranges;
        if (sum.Rows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        var ranges = sum.Ranges();
        double[] shift = new double[d], scale = new double[d];
        for (int j = 0; j < d; j++)
            (shift[j], scale[j]) = options.StandardizeFeatures && !names.Contains(j) ? (ranges.Mean[j], Positive(ranges.Deviation[j])) : (0, 1);
        var scaling = options.StandardizeLabel && !keepsOffsets
            ? GaussianProcessScaling.Of(shift, scale, ranges.Mean[d], Positive(ranges.Deviation[d]))
            : GaussianProcessScaling.Of(shift, scale, 0, 1);
        var drawn = sum.Sample();
        double[] x = new double[drawn.Count * d], y = new double[drawn.Count], offsets = new double[keepsOffsets ? drawn.Count : 0];
        for (int i = 0; i < drawn.Count; i++)
        {
            drawn[i].AsSpan(0, d).CopyTo(x.AsSpan(i * d));
            y[i] = scaling.Target(drawn[i][d]);
            if (keepsOffsets)
                offsets[i] = drawn[i][d + 1];
        }
        scaling.Apply(x);
        bool isConstant = ranges.Largest[d] - ranges.Least[d]
            <= 1e-14 * Math.Max(Math.Abs(ranges.Least[d]), Math.Abs(ranges.Largest[d]));
        var sample = new GaussianProcessRows(
            InputColumns.FromRows(x, d), y, [], Array.TrueForAll(offsets, offset => offset == 0) ? [] : offsets, scaling)
        {
            IsConstant = isConstant,
        };
        return new(new ScaledDesign(design, scaling, keepsOffsets), whole, scaling, sample);
    }

    private static double Positive(double deviation) => deviation > 0 && double.IsFinite(deviation) ? deviation : 1;
}
