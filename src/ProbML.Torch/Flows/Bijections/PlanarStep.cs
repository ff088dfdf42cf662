namespace ProbML.Flows;

/// <summary>x + v̂ h with h = tanh(wᵀx + b): what planar bijections share, whatever their parameters come from.</summary>
/// <remarks>Rezende &amp; Mohamed (2015), eqs. 10–12 and appendix A.1, in terms of s = 1 + wᵀv̂ &gt; 0.</remarks>
internal static class PlanarStep
{
    private const int Bisections = 60;

    /// <summary>ln |det| = ln(1 + (1 − h²) wᵀv̂) = ln(h² + (1 − h²) s), which loses no digits where s is small.</summary>
    public static FlowValue LogDet(FlowValue h, FlowValue s)
    {
        var square = h.Square();
        return (square + (-square + 1) * s).Log();
    }

    /// <summary>h of the x that was mapped to u: a = wᵀx solves a + (s − 1) tanh(a + b) = wᵀu, which rises in a.</summary>
    /// <param name="target">wᵀu, [n, 1]: a lies within |s − 1| of it.</param>
    /// <param name="s">1 + wᵀv̂.</param>
    /// <param name="b">b.</param>
    public static FlowValue Solve(FlowValue target, FlowValue s, FlowValue b)
    {
        var c = s - 1;
        var reach = c.Abs();
        var ends = (target - reach).Join(target + reach).Iterate(Bisections, (_, state) =>
        {
            var (low, high) = (state.Narrow(1, 0, 1), state.Narrow(1, 1, 1));
            var middle = (low + high) * 0.5;
            var below = (middle + c * (middle + b).Tanh()).IsLess(target);
            return below.Where(middle, low).Join(below.Where(high, middle));
        });
        return ((ends.Narrow(1, 0, 1) + ends.Narrow(1, 1, 1)) * 0.5 + b).Tanh();
    }
}
