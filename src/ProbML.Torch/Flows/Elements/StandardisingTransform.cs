namespace ProbML.Flows;

/// <summary>u = (x − m) e⁻ᵃ, of two parameters m and a: a column standardised by its conditional mean and deviation.</summary>
/// <remarks>Papamakarios, Pavlakou &amp; Murray (2017), eq. 3. Chains of such layers are masked autoregressive flows.</remarks>
public sealed record StandardisingTransform : ElementTransform
{
    /// <summary>The bound b of the log-scale, a = b tanh(a′ / b); null: a is the parameter itself.</summary>
    public double? LogScaleBound { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    internal override (FlowValue Noise, FlowValue LogDerivative) Map(FlowValue x, FlowValue parameters)
    {
        var (m, a) = ElementLogScale.Parameters(parameters, LogScaleBound);
        var s = -a;
        return ((x - m) * s.Exp(), s);
    }

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters)
    {
        var (m, a) = ElementLogScale.Parameters(parameters, LogScaleBound);
        return (noise * a.Exp() + m, a);
    }

    internal override void Validate() => Check(
        ElementLogScale.IsBound(LogScaleBound), $"LogScaleBound must be above 0, but is {LogScaleBound}.", nameof(LogScaleBound));
}
