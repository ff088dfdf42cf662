using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>A density on ℝᵈ: ln p(x) = ln b(f(x)) + ln |det ∂f/∂x| for a bijection f and a base density b, [n].</summary>
/// <remarks>Papamakarios et al. (2021), eq. 7.</remarks>
public sealed class Flow : nn.Module<Tensor, Tensor>
{
    private readonly Bijection bijection;
    private readonly FlowBase noise;

    /// <summary>Joins a bijection and the density of its noise.</summary>
    /// <param name="bijection">f.</param>
    /// <param name="noise">b; null: the standard normal.</param>
    /// <exception cref="ArgumentException">Their dimensions differ.</exception>
    public Flow(Bijection bijection, FlowBase? noise = null)
        : base(nameof(Flow))
    {
        ArgumentNullException.ThrowIfNull(bijection);
        this.bijection = bijection;
        this.noise = noise ?? new StandardNormalBase(bijection.Dimension);
        if (this.noise.Dimension != bijection.Dimension)
            throw new ArgumentException(
                $"The base has {this.noise.Dimension} dimensions, the bijection {bijection.Dimension}.", nameof(noise));
        RegisterComponents();
    }

    /// <summary>f.</summary>
    public Bijection Bijection => bijection;

    /// <summary>b.</summary>
    public FlowBase Base => noise;

    /// <summary>Whether ln p(x) is a sum of ln p(x_j | x_1, …, x_{j−1}) that is known term by term.</summary>
    public bool HasConditionals => bijection.IsTriangular && noise.IsIndependent;

    /// <summary>ln p(x), [n].</summary>
    public override Tensor forward(Tensor input) => LogDensity(input, null);

    /// <summary>ln p(x | context), [n].</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="context">[n, c].</param>
    public Tensor LogDensity(Tensor x, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (_, terms) = Terms(new TensorValue(x), context is null ? null : new TensorValue(context));
        return TensorValue.Of(terms).sum(-1);
    }

    /// <summary>u, and terms whose sum is ln p(x): [n, d], ln p(x_j | x_1, …, x_{j−1}), where those are known, else [n, 1].</summary>
    internal (FlowValue Noise, FlowValue Terms) Terms(FlowValue x, FlowValue? context)
    {
        var (u, terms) = bijection.Map(x, context);
        var density = noise.LogDensity(u);
        if (HasConditionals)
            return (u, terms is null ? density : density + terms);
        var total = density.Sum(keepsAxis: true);
        return (u, terms is null ? total : total + terms.Sum(keepsAxis: true));
    }
}
