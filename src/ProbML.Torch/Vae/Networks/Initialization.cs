using static TorchSharp.torch;

namespace ProbML;

/// <summary>First weights from a generator of our own: the modules' own draw from a global one.</summary>
internal static class Initialization
{
    /// <summary>Weights and biases from U(−1/√f, 1/√f), f the inputs of a unit.</summary>
    /// <remarks>What PyTorch's layers start from: He et al. (2015) with a = √5.</remarks>
    public static void Draw(TorchSharp.Modules.Parameter weight, TorchSharp.Modules.Parameter bias, long inputs, Generator random)
    {
        double bound = 1 / Math.Sqrt(Math.Max(1, inputs));
        using var none = no_grad();
        weight.uniform_(-bound, bound, random);              // nn.init takes a generator too, but draws from the global one
        bias.uniform_(-bound, bound, random);
    }
}
