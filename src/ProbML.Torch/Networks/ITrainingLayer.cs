using TorchSharp;

namespace ProbML;

/// <summary>A layer that behaves differently under a <see cref="TorchTrainer"/>, which finds it by this interface.</summary>
public interface ITrainingLayer
{
    /// <summary>A training begins.</summary>
    /// <param name="random">Where the layer is to draw its randomness from.</param>
    /// <param name="bfloat16Products">Whether matrix products are to be taken in bfloat16.</param>
    void BeginTraining(torch.Generator random, bool bfloat16Products);

    /// <summary>The training is over, well or not.</summary>
    void EndTraining();
}
