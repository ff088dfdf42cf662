namespace ProbML.Flows;

/// <summary>u = x + v̂ tanh(wᵀx + b), with w, v and b of each row in its context: [w | v | b], 2 d + 1 numbers.</summary>
/// <remarks>
/// Rezende &amp; Mohamed (2015), eqs. 10–12, with parameters from an inference network (§4.2). With m(a) = softplus(a +
/// ln(e − 1)) − 1, which is 0 at 0 and above −1, v̂ = v + (m(wᵀv) − wᵀv) w / |w|²: where v is 0 the map is the identity.
/// </remarks>
public sealed class AmortizedPlanar : Bijection
{
    /// <summary>softplus of it is 1.</summary>
    private const double Shift = 0.541324854612918;

    private readonly int start;

    /// <summary>Says where its numbers are.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="start">The first of them in the context.</param>
    public AmortizedPlanar(int dimension, int start = 0)
        : base(dimension, nameof(AmortizedPlanar))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        this.start = start;
    }

    /// <summary>2 d + 1.</summary>
    public static int NumberCount(int dimension) => 2 * dimension + 1;

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context)
    {
        var (w, step, s, b) = Numbers(context);
        var h = ((x * w).Sum(keepsAxis: true) + b).Tanh();
        return (x + h * step, PlanarStep.LogDet(h, s));
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context)
    {
        var (w, step, s, b) = Numbers(context);
        var h = PlanarStep.Solve((noise * w).Sum(keepsAxis: true), s, b);
        return (noise - h * step, -PlanarStep.LogDet(h, s));
    }

    /// <summary>w and v̂, [n, d], 1 + wᵀv̂ and b, [n, 1].</summary>
    private (FlowValue W, FlowValue Step, FlowValue S, FlowValue B) Numbers(FlowValue? context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (w, v) = (context.Narrow(1, start, Dimension), context.Narrow(1, start + Dimension, Dimension));
        var product = (w * v).Sum(keepsAxis: true);
        var s = (product + Shift).Softplus();
        var step = v + w * ((s - 1 - product) / (w.Square().Sum(keepsAxis: true) + 1e-12));
        return (w, step, s, context.Narrow(1, start + 2 * Dimension, 1));
    }
}
