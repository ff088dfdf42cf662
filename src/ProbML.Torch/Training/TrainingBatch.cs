using static TorchSharp.torch;

namespace ProbML;

/// <summary>Rows of training data as tensors.</summary>
/// <param name="Features">[b, d].</param>
/// <param name="Response">[b]; null where there is none.</param>
/// <param name="Weights">[b]; null: every row has weight one.</param>
public readonly record struct TrainingBatch(Tensor Features, Tensor? Response = null, Tensor? Weights = null)
{
    /// <summary>The number of rows, b.</summary>
    public long Count => Features.shape[0];

    /// <summary>The mean over rows of a loss a row, [b], weighted by <see cref="Weights"/>: Σ wᵢ lᵢ / Σ wᵢ.</summary>
    public Tensor Mean(Tensor rowLoss) =>
        Weights is null ? rowLoss.mean() : (rowLoss * Weights).sum() / Weights.sum();

    /// <summary>The same rows, each tensor replaced by what a function makes of it.</summary>
    internal TrainingBatch Map(Func<Tensor, Tensor> map) => new(
        map(Features), Response is null ? null : map(Response), Weights is null ? null : map(Weights));
}
