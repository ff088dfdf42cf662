namespace ProbML.Flows;

/// <summary>The two parameters of affine maps: a shift, and a log-scale s = b tanh(a / b), or a itself without a bound b.</summary>
internal static class ElementLogScale
{
    /// <summary>Shift and log-scale of parameters, [n, k, 2].</summary>
    public static (FlowValue Shift, FlowValue LogScale) Parameters(FlowValue parameters, double? bound)
    {
        var each = parameters.Unbind(2);
        return (each[0], bound is { } b ? (each[1] * (1 / b)).Tanh() * b : each[1]);
    }

    public static bool IsBound(double? bound) => bound is null or (> 0 and < double.PositiveInfinity);
}
