namespace ProbML.Flows;

/// <summary>The log-scale s = b tanh(a / b) of a parameter a, or a itself without a bound b.</summary>
internal static class ElementLogScale
{
    public static FlowValue Of(FlowValue raw, double? bound) => bound is { } b ? (raw * (1 / b)).Tanh() * b : raw;

    public static bool IsBound(double? bound) => bound is null or (> 0 and < double.PositiveInfinity);
}
