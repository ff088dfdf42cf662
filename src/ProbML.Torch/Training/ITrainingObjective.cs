using TorchSharp;

namespace ProbML;

/// <summary>What a training loop minimises: the mean over rows of a loss that a module's parameters enter.</summary>
public interface ITrainingObjective
{
    /// <summary>The module whose parameters are trained. The loop moves it to the device and sets training or eval mode.</summary>
    torch.nn.Module Module { get; }

    /// <summary>
    /// What is trained, with every setting that would make it another training: it enters the receipt, and tells the
    /// checkpoints of one training from those of another.
    /// </summary>
    string Description => GetType().Name;

    /// <summary>The mean loss of a batch's rows, a scalar that can be differentiated.</summary>
    /// <remarks>
    /// Called inside a dispose scope. Randomness is drawn from <see cref="TrainingStep.Random"/> alone, so that a resumed
    /// training goes on as one that never stopped. The terms of the loss are told to <see cref="TrainingStep.Record"/>.
    /// </remarks>
    /// <param name="batch">The rows, on the device and in the precision of the module.</param>
    /// <param name="step">Where the training stands.</param>
    torch.Tensor Loss(TrainingBatch batch, TrainingStep step);
}
