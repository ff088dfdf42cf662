namespace ProbML.Fitting;

/// <summary>Passes over the sparse rows of a design: one likelihood at a time.</summary>
internal sealed class SparsePasses(
    Design design, GlmOptions options, FeatureStructure structure, bool estimateTheta, TrainingMonitor monitor)
{
    private readonly FeatureStructure structure = structure;
    private ArrowLayout? layout;

    /// <summary>Whether the information matrix is too large to be kept, so that passes give gradients alone.</summary>
    public bool GradientsOnly { get; } = structure.Numbers() > (double)options.LargestMatrix * options.LargestMatrix;

    /// <summary>What is known of the columns.</summary>
    public FeatureStructure Structure => structure;

    /// <summary>The layout of a transform's columns.</summary>
    public ArrowLayout LayoutOf(RowTransform transform)
    {
        if (!ReferenceEquals(layout?.Transform, transform))
            layout = new ArrowLayout(transform, GradientsOnly ? structure.WithoutMatrix() : structure);
        return layout!;
    }

    /// <summary>The same passes for a family whose θ is held.</summary>
    public SparsePasses WithoutTheta() => new(design, options, structure, false, monitor);

    /// <summary>One pass at a point.</summary>
    public ILikelihood At(GlmPoint point, Information kind) => At(point, kind, null);

    /// <summary>One pass at a point, with statistics of the rows.</summary>
    public ILikelihood At(GlmPoint point, Information kind, Func<RowStatistics>? statistics) =>
        GradientsOnly ? Gradient(point, kind, statistics) : Arrow(point, kind, statistics);

    /// <summary>One pass for the whole quadratic.</summary>
    public ArrowSum Arrow(GlmPoint point, Information kind, Func<RowStatistics>? statistics = null)
    {
        var places = LayoutOf(point.Transform);
        return design.SumSparse(
            () => new ArrowSum(places, point, kind, estimateTheta, statistics?.Invoke()), monitor, options.NumberOfThreads);
    }

    /// <summary>One pass for the gradient.</summary>
    public GradientSum Gradient(GlmPoint point, Information kind, Func<RowStatistics>? statistics = null)
    {
        var places = LayoutOf(point.Transform);
        return design.SumSparse(
            () => new GradientSum(places, point, kind, statistics?.Invoke()), monitor, options.NumberOfThreads);
    }
}
