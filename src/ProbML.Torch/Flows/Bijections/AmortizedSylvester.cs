using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>
/// u = x + Q R tanh(R̃ Qᵀ x + b), with all parameters of each row in its context: [v₁ … v_H | b | r | r̃ | R | R̃].
/// </summary>
/// <remarks>
/// van den Berg et al. (2018), eqs. 10–13 and §4.2 (Householder): Q = H₁ … H_H, a product of reflections across v₁, …, v_H;
/// R and R̃ upper triangular with diagonals tanh r and tanh r̃, so that ln |det| = Σ ln(1 + tanh rᵢ tanh r̃ᵢ (1 − h²)) is a
/// sum of logarithms of positive numbers. One way alone, as posteriors need it: the inverse has no formula. Where r and R are
/// 0 it is the identity.
/// </remarks>
public sealed class AmortizedSylvester : Bijection
{
    private readonly int reflections;
    private readonly int start;
    private readonly long[] places;

    /// <summary>Says where its numbers are.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="reflections">H, at least 1; d reflections make any orthogonal Q.</param>
    /// <param name="start">The first of its numbers in the context.</param>
    public AmortizedSylvester(int dimension, int reflections, int start = 0)
        : base(dimension, nameof(AmortizedSylvester))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reflections, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        (this.reflections, this.start) = (reflections, start);
        places = new long[dimension * dimension];
        var upper = new float[dimension * dimension];
        for (int i = 0, above = dimension; i < dimension; i++)
        {
            for (int j = i; j < dimension; j++)
                (places[i * dimension + j], upper[i * dimension + j]) = (j == i ? i : above++, 1);
        }
        register_buffer("upper", tensor(upper).unsqueeze(0).DetachFromDisposeScope());
    }

    /// <summary>d H + 3 d + d (d − 1).</summary>
    public static int NumberCount(int dimension, int reflections) => dimension * (reflections + dimension + 2);

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int d = Dimension, bias = start + d * reflections, above = d * (d - 1) / 2;
        var (r, r2) = (context.Narrow(1, bias + d, d).Tanh(), context.Narrow(1, bias + 2 * d, d).Tanh());
        var outer = Triangular(context, r, bias + 3 * d);
        var inner = Triangular(context, r2, bias + 3 * d + above);
        var y = x;
        for (int i = 0; i < reflections; i++)
            y = Reflect(y, context, i);
        var h = (Product(inner, y) + context.Narrow(1, bias, d)).Tanh();
        var step = Product(outer, h);
        for (int i = reflections - 1; i >= 0; i--)
            step = Reflect(step, context, i);
        return (x + step, ((-h.Square() + 1) * (r * r2) + 1).Log());
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: it has no formula.</exception>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        throw new NotSupportedException(
            "A Sylvester bijection goes one way. Choose a coupling or an autoregressive bijection where both are needed.");

    /// <summary>y − 2 v vᵀy / |v|².</summary>
    private FlowValue Reflect(FlowValue y, FlowValue context, int index)
    {
        var v = context.Narrow(1, start + index * Dimension, Dimension);
        return y - v * ((y * v).Sum(keepsAxis: true) * 2 / (v.Square().Sum(keepsAxis: true) + 1e-12));
    }

    /// <summary>An upper triangular matrix of each row, [n, d, d], from its diagonal and the numbers above, row by row.</summary>
    private FlowValue Triangular(FlowValue context, FlowValue diagonal, int above)
    {
        int d = Dimension;
        var entries = d == 1 ? diagonal : diagonal.Join(context.Narrow(1, above, d * (d - 1) / 2));
        return (entries.Columns(places) * context.Lift(get_buffer("upper")!)).Split(d, d);
    }

    /// <summary>A y, [n, d].</summary>
    private static FlowValue Product(FlowValue matrix, FlowValue y) => (matrix * y.Unsqueeze(1)).Sum(keepsAxis: false);
}
