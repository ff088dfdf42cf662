using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>q(z | x): a distribution from which one can draw with gradients in its parameters.</summary>
public interface IPosterior
{
    /// <summary>The number of dimensions of z, k.</summary>
    long Dimension { get; }

    /// <summary>z, and ln q(z), for noise ε ~ N(0, I).</summary>
    /// <param name="noise">[..., n, k].</param>
    /// <returns>z, [..., n, k], and ln q(z), [..., n].</returns>
    (Tensor Value, Tensor LogDensity) Draw(Tensor noise);

    /// <summary>z alone.</summary>
    /// <param name="noise">[..., n, k].</param>
    Tensor Sample(Tensor noise);

    /// <summary>
    /// Terms whose sum is KL(q ‖ N(0, I)): [n, k] where it is a sum over dimensions, [n, 1] where it is not. Null: it has
    /// no closed form.
    /// </summary>
    Tensor? KlTerms();
}
