namespace ProbML.Flows;

/// <summary>A rising function of one number, with parameters; where all of them are 0 it is the identity.</summary>
/// <remarks>What couplings and autoregressive bijections apply to each column, with parameters from a network.</remarks>
public abstract record ElementTransform
{
    private protected ElementTransform()
    {
    }

    /// <summary>How many parameters a number takes, P.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>u and ln ∂u/∂x.</summary>
    /// <param name="x">[n, k].</param>
    /// <param name="parameters">[n, k, P].</param>
    /// <returns>[n, k] each.</returns>
    internal abstract (FlowValue Noise, FlowValue LogDerivative) Map(FlowValue x, FlowValue parameters);

    /// <summary>x and ln ∂x/∂u.</summary>
    /// <inheritdoc cref="Map"/>
    internal abstract (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    internal abstract void Validate();

    private protected static FlowValue Parameter(FlowValue parameters, int index) =>
        parameters.Narrow(2, index, 1).Squeeze(2);

    private protected static void Check(bool holds, string message, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }
}
