namespace ProbML.Optimization;

/// <summary>A point on a line: how far, the value there, and its slope along the line.</summary>
internal readonly record struct LinePoint(double Step, double Value, double Slope);

/// <summary>Finds a step with φ(α) ≤ φ(0) + c₁ α φ′(0) and |φ′(α)| ≤ c₂ |φ′(0)|, or the longest allowed where φ still falls.</summary>
/// <remarks>Nocedal and Wright (2006), algorithms 3.5 and 3.6, c₁ = 10⁻⁴, c₂ = 0.9; cubic interpolation by their eq. 3.59.</remarks>
/// <param name="evaluate">φ and φ′; a value that is not finite is too far.</param>
/// <param name="start">At 0.</param>
/// <param name="maximumEvaluations">The most evaluations.</param>
/// <param name="longest">The longest step.</param>
internal sealed class StrongWolfe(
    Func<double, LinePoint> evaluate, LinePoint start, int maximumEvaluations, double longest = double.PositiveInfinity)
{
    private const double Decrease = 1e-4, Curvature = 0.9;

    private int evaluations;

    /// <summary>The step; else the best one found that lowers the value; null: none does.</summary>
    public LinePoint? Search(double first)
    {
        var before = start;
        double step = Math.Min(first, longest);
        while (evaluations < maximumEvaluations)
        {
            var point = Evaluate(step);
            if (!double.IsFinite(point.Value))
            {
                step = before.Step + (step - before.Step) / 4;  // off the edge of what has a value
                continue;
            }
            if (IsHigh(point) || (before.Step > 0 && point.Value >= before.Value))
                return Zoom(before, point);
            if (IsFlat(point) || (point.Slope < 0 && step >= longest))
                return point;
            if (point.Slope >= 0)
                return Zoom(point, before);
            (before, step) = (point, Math.Min(2 * step, longest));
        }
        return Best(before);
    }

    /// <summary>Narrows an interval that holds such a step; low is its end of the lower value.</summary>
    private LinePoint? Zoom(LinePoint low, LinePoint high)
    {
        while (evaluations < maximumEvaluations && Math.Abs(high.Step - low.Step) > 1e-12 * Math.Abs(low.Step + high.Step))
        {
            var point = Evaluate(Between(low, high));
            if (!double.IsFinite(point.Value) || IsHigh(point) || point.Value >= low.Value)
            {
                high = point;
                continue;
            }
            if (IsFlat(point))
                return point;
            if (point.Slope * (high.Step - low.Step) >= 0)
                high = low;
            low = point;
        }
        return Best(low);
    }

    private LinePoint Evaluate(double step)
    {
        evaluations++;
        return evaluate(step);
    }

    private bool IsHigh(LinePoint point) => point.Value > start.Value + Decrease * point.Step * start.Slope;

    private bool IsFlat(LinePoint point) => Math.Abs(point.Slope) <= -Curvature * start.Slope;

    private LinePoint? Best(LinePoint point) => point.Step > 0 && point.Value < start.Value ? point : null;

    /// <summary>The least point of the cubic through both ends, kept a tenth of the interval from either.</summary>
    private static double Between(LinePoint low, LinePoint high)
    {
        double width = high.Step - low.Step, middle = low.Step + width / 2;
        if (!double.IsFinite(high.Value) || !double.IsFinite(high.Slope))
            return middle;
        double d1 = low.Slope + high.Slope - 3 * (high.Value - low.Value) / width;
        double radicand = d1 * d1 - low.Slope * high.Slope;
        if (!(radicand >= 0))
            return middle;
        double d2 = Math.Sign(width) * Math.Sqrt(radicand);
        double step = high.Step - width * (high.Slope + d2 - d1) / (high.Slope - low.Slope + 2 * d2);
        double share = (step - low.Step) / width;
        return double.IsFinite(share) ? low.Step + Math.Clamp(share, 0.1, 0.9) * width : middle;
    }
}
