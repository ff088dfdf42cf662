using TorchSharp;

namespace ProbML.Vae;

/// <summary>k/2 · ln 2π.</summary>
internal static class NormalConstant
{
    public static Scalar Of(long dimensions) => Scalars.Of(0.5 * dimensions * Math.Log(2 * Math.PI));
}
