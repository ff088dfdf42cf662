namespace ProbML.Flows;

/// <summary>u = x eˢ + t, with s = b tanh(a / b) of two parameters t and a.</summary>
/// <remarks>Dinh, Sohl-Dickstein &amp; Bengio (2017), eq. 7.</remarks>
public sealed record AffineTransform : ElementTransform
{
    /// <summary>The bound b of the log-scale s; null: s = a, without a bound.</summary>
    public double? LogScaleBound { get; init; } = 2;

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    internal override (FlowValue Noise, FlowValue LogDerivative) Map(FlowValue x, FlowValue parameters)
    {
        var (t, s) = ElementLogScale.Parameters(parameters, LogScaleBound);
        return (x * s.Exp() + t, s);
    }

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters)
    {
        var (t, s) = ElementLogScale.Parameters(parameters, LogScaleBound);
        return ((noise - t) * (-s).Exp(), -s);
    }

    internal override void Validate() => Check(
        ElementLogScale.IsBound(LogScaleBound), $"LogScaleBound must be above 0, but is {LogScaleBound}.", nameof(LogScaleBound));
}
