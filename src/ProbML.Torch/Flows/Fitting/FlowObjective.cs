using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>−ln p(z) of a batch of preprocessed rows, counts moved to a point of their cell at random.</summary>
/// <param name="flow">The density.</param>
/// <param name="cells">The widths of the columns' cells, after preprocessing, [d]; 0: no count; null: none is.</param>
/// <param name="description">What is trained.</param>
internal sealed class FlowObjective(Flow flow, float[]? cells, string description) : ITrainingObjective
{
    public nn.Module Module => flow;

    public string Description => description;

    public Tensor Loss(TrainingBatch batch, TrainingStep step)
    {
        var x = batch.Features;
        if (cells is not null)
        {
            var widths = tensor(cells, x.dtype, x.device);
            x = x.Plus(rand(x.shape, dtype: x.dtype, device: step.Device, generator: step.Random) * widths);
        }
        return batch.Mean(flow.call(x)).neg();
    }
}
