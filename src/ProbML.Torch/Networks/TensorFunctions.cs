using TorchSharp;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Functions that TorchSharp has, but with <see cref="Scalars"/> made on the way.</summary>
internal static class TensorFunctions
{
    private static readonly Scalar One = Scalars.New(1);

    /// <summary>a + b: TorchSharp's operator makes its α = 1 anew.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>a + c.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary>ln(1 + eˣ) = −ln σ(−x).</summary>
    public static Tensor Softplus(Tensor x) => nn.functional.logsigmoid(x.neg()).neg();
}
