using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>−ln p(y | x) of a batch of preprocessed rows.</summary>
internal sealed class ConditionalObjective(Flow flow, string description) : ITrainingObjective
{
    public nn.Module Module => flow;

    public string Description => description;

    public Tensor Loss(TrainingBatch batch, TrainingStep step) =>
        batch.Mean(flow.LogDensity(batch.Response!.unsqueeze(1), batch.Features)).neg();
}
