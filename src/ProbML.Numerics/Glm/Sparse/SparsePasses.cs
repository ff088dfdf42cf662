namespace ProbML.Fitting;

/// <summary>Passes over the sparse rows of a design: one likelihood at a time.</summary>
internal sealed class SparsePasses(
    Design design, GlmOptions options, FeatureStructure structure, bool estimateTheta, TrainingMonitor monitor)
{
    private ArrowLayout? layout;

    /// <summary>The layout of a transform's columns.</summary>
    public ArrowLayout LayoutOf(RowTransform transform)
    {
        if (!ReferenceEquals(layout?.Transform, transform))
            layout = new ArrowLayout(transform, structure);
        return layout!;
    }

    /// <summary>The same passes for a family whose θ is held.</summary>
    public SparsePasses WithoutTheta() => new(design, options, structure, false, monitor);

    /// <summary>One pass at a point.</summary>
    public ILikelihood At(GlmPoint point, Information kind) => At(point, kind, null);

    /// <summary>One pass at a point, with statistics of the rows.</summary>
    public ArrowSum At(GlmPoint point, Information kind, Func<RowStatistics>? statistics)
    {
        var places = LayoutOf(point.Transform);
        return design.SumSparse(
            () => new ArrowSum(places, point, kind, estimateTheta, statistics?.Invoke()), monitor, options.NumberOfThreads);
    }
}
