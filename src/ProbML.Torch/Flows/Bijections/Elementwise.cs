using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u_j = τ(x_j; θ_j): a learned rising function of each column by itself.</summary>
public sealed class Elementwise : Bijection
{
    private readonly ElementTransform transform;
    private readonly Parameter theta;

    /// <summary>Makes the identity.</summary>
    /// <param name="dimension">The number of columns, d.</param>
    /// <param name="transform">τ.</param>
    public Elementwise(int dimension, ElementTransform transform)
        : base(dimension, nameof(Elementwise))
    {
        ArgumentNullException.ThrowIfNull(transform);
        transform.Validate();
        this.transform = transform;
        theta = nn.Parameter(zeros(dimension, transform.ParameterCount));
        theta.DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsTriangular => true;

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context) =>
        transform.Map(x, OfRows(x));

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        transform.MapBack(noise, OfRows(noise));

    private FlowValue OfRows(FlowValue rows) => rows.Zeros().Unsqueeze(2) + rows.Lift(theta);
}
