using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>An invertible map from data x, [n, d], to noise u, [n, d], that knows ln |det ∂u/∂x|, [n].</summary>
/// <remarks>
/// Papamakarios et al. (2021), §2. Derived types state the formula once, in <see cref="Map"/> and <see cref="MapBack"/>, over
/// values that are tensors in training and operators of the saved graph: neither scoring nor sampling needs libtorch.
/// </remarks>
public abstract class Bijection : nn.Module
{
    /// <summary>Names the module.</summary>
    /// <param name="dimension">The number of columns, d.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    protected Bijection(int dimension, string name)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
    }

    /// <summary>The number of columns, d.</summary>
    public int Dimension { get; }

    /// <summary>
    /// Whether u_j depends on x_1, …, x_j alone, and rises with x_j: then term j of the log-determinant is
    /// ln ∂u_j/∂x_j, and with a base of independent parts each column has a density given those before it.
    /// </summary>
    public virtual bool IsTriangular => false;

    /// <summary>u and ln |det ∂u/∂x|: the way a density is evaluated.</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="context">What it is conditioned on, [n, c], where it takes a context.</param>
    /// <returns>[n, d] and [n].</returns>
    public (Tensor Noise, Tensor LogDet) Forward(Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (noise, terms) = Map(new TensorValue(x), context is null ? null : new TensorValue(context));
        return (TensorValue.Of(noise), Total(terms, x));
    }

    /// <summary>x and ln |det ∂x/∂u|: the way a row is sampled.</summary>
    /// <param name="noise">u, [n, d].</param>
    /// <param name="context">What it is conditioned on, [n, c], where it takes a context.</param>
    /// <returns>[n, d] and [n].</returns>
    /// <exception cref="NotSupportedException">The inverse has no formula.</exception>
    public (Tensor Data, Tensor LogDet) Inverse(Tensor noise, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var (data, terms) = MapBack(new TensorValue(noise), context is null ? null : new TensorValue(context));
        return (TensorValue.Of(data), Total(terms, noise));
    }

    /// <summary>Sets parameters that start from data, such as scales; by default there are none.</summary>
    /// <remarks>Kingma &amp; Dhariwal (2018), §3.1.</remarks>
    /// <param name="x">Rows as training will see them, [n, d].</param>
    /// <param name="context">[n, c], or null.</param>
    public virtual void Initialize(Tensor x, Tensor? context = null)
    {
    }

    /// <summary>The formula of u, and terms, [n, k], whose sum over k is ln |det ∂u/∂x|; null: it is 0.</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="context">[n, c], or null.</param>
    protected internal abstract (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context);

    /// <summary>The formula of x, and terms, [n, k], whose sum over k is ln |det ∂x/∂u|; null: it is 0.</summary>
    /// <param name="noise">[n, d].</param>
    /// <param name="context">[n, c], or null.</param>
    protected internal abstract (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context);

    /// <summary>The numbers that go into a network: columns, context, or both.</summary>
    private protected static FlowValue Beside(FlowValue x, FlowValue? context) => context is null ? x : x.Join(context);

    private static Tensor Total(FlowValue? terms, Tensor x) => terms is null
        ? zeros(x.shape[0], dtype: x.dtype, device: x.device)
        : TensorValue.Of(terms).sum(-1);
}
