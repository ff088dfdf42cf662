namespace ProbML.Fitting;

/// <summary>The rows of a hierarchical regression and how their coefficients are arranged.</summary>
/// <param name="Design">The rows.</param>
/// <param name="Transform">The fixed columns.</param>
/// <param name="Layout">The order of the coefficients.</param>
/// <param name="Pattern">Which groups meet.</param>
/// <param name="Family">The family.</param>
/// <param name="Link">The link.</param>
/// <param name="Monitor">Progress and cancellation.</param>
/// <param name="Threads">How many threads share a pass.</param>
internal sealed record MixedProblem(
    Design Design,
    RowTransform Transform,
    MixedLayout Layout,
    MixedPattern Pattern,
    IFamily Family,
    ILinkFunction Link,
    TrainingMonitor Monitor,
    int? Threads)
{
    public MixedBlocks NewBlocks() => new(Layout, Pattern);
}
