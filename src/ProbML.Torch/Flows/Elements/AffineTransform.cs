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
        var (t, s) = Parameters(parameters);
        return (x * s.Exp() + t, s);
    }

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters)
    {
        var (t, s) = Parameters(parameters);
        return ((noise - t) * (-s).Exp(), -s);
    }

    internal override void Validate() => Check(
        LogScaleBound is null or (> 0 and < double.PositiveInfinity),
        $"LogScaleBound must be above 0, but is {LogScaleBound}.",
        nameof(LogScaleBound));

    private (FlowValue Shift, FlowValue LogScale) Parameters(FlowValue parameters)
    {
        var each = parameters.Unbind(ParameterCount);
        return (each[0], Bounded(each[1], LogScaleBound));
    }
}

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
        var (m, a) = Parameters(parameters);
        var s = -a;
        return ((x - m) * s.Exp(), s);
    }

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters)
    {
        var (m, a) = Parameters(parameters);
        return (noise * a.Exp() + m, a);
    }

    internal override void Validate() => Check(
        LogScaleBound is null or (> 0 and < double.PositiveInfinity),
        $"LogScaleBound must be above 0, but is {LogScaleBound}.",
        nameof(LogScaleBound));

    private (FlowValue Shift, FlowValue LogScale) Parameters(FlowValue parameters)
    {
        var each = parameters.Unbind(ParameterCount);
        return (each[0], Bounded(each[1], LogScaleBound));
    }
}
