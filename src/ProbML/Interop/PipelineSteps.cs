using Microsoft.ML;

namespace ProbML;

/// <summary>The steps of a fitted pipeline.</summary>
internal static class PipelineSteps
{
    /// <summary>All of them in their order, chains within chains unfolded.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];
}
