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
        var a = ElementLogScale.Of(Parameter(parameters, 1), LogScaleBound);
        return ((x - Parameter(parameters, 0)) * (-a).Exp(), -a);
    }

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters)
    {
        var a = ElementLogScale.Of(Parameter(parameters, 1), LogScaleBound);
        return (noise * a.Exp() + Parameter(parameters, 0), a);
    }

    internal override void Validate() => Check(
        ElementLogScale.IsBound(LogScaleBound), $"LogScaleBound must be above 0, but is {LogScaleBound}.", nameof(LogScaleBound));
}
