using static TorchSharp.torch;

namespace ProbML;

/// <summary>Functions that TorchSharp has, but with Scalars made on the way, which may be finalized while they are in use.</summary>
internal static class TensorFunctions
{
    /// <summary>ln(1 + eˣ) = −ln σ(−x).</summary>
    public static Tensor Softplus(Tensor x) => nn.functional.logsigmoid(x.neg()).neg();
}
