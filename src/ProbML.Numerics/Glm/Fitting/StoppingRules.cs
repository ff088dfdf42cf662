namespace ProbML.Fitting;

/// <summary>When an iteration that minimises a streamed objective has arrived, stands still, or runs away: one set for all models.</summary>
internal static class StoppingRules
{
    /// <summary>How often a step is halved before it counts as none.</summary>
    public const int MaximumHalvings = 40;

    /// <summary>Iterations of running away in a row that are taken for separation.</summary>
    public const int MostStalled = 4;

    /// <summary>A step of which this is the relative size changes no digit that is printed.</summary>
    public const double Nothing = 1e-11;

    /// <summary>An optimum at which the information about some direction is less than this much of what it was at the start.</summary>
    private const double Vanished = 1e-7;

    /// <summary>What an objective may reach at a step and still count as not having risen: rounding is let pass.</summary>
    public static double Bound(double objective) => objective + 1e-12 * (Math.Abs(objective) + 0.1);

    /// <summary>The relative change of the objective.</summary>
    public static double Change(double before, double after) => Math.Abs(before - after) / (Math.Abs(after) + 0.1);

    /// <summary>Whether the step, or the one that would follow it at the rate seen last, is within the tolerance.</summary>
    public static bool IsSmall(NewtonStep step, double previousSize, double tolerance) =>
        Math.Min(step.RelativeSize, step.Decrement) <= tolerance
        || (step.RelativeSize < 1e-4 && step.RelativeSize * (step.RelativeSize / previousSize) <= 0.1 * tolerance);

    /// <summary>Runs away: the objective stands still while the steps do not shrink.</summary>
    public static bool RunsAway(double change, NewtonStep step, double previousSize) =>
        change < 1e-8 && step.RelativeSize > 1e-3 && step.RelativeSize > 0.5 * previousSize;

    /// <summary>At the limit of the arithmetic: nothing changes any more, but the tolerance asks for more digits than there are.</summary>
    public static bool IsExhausted(double change, NewtonStep step) =>
        change < 1e-15 && step.Decrement < 1e-7 && step.RelativeSize < 1e-6;

    /// <summary>How a fit ended whose step improves nothing at any length.</summary>
    public static GlmStatus WithoutProgress(NewtonStep step) =>
        step.Decrement < 1e-6 ? GlmStatus.Converged : GlmStatus.NotConverged;

    /// <summary>
    /// Where some fitted means of counts or classes run to the edge of their range, the likelihood flattens out: its slope
    /// falls below any tolerance while the coefficients still run.
    /// </summary>
    /// <param name="start">The squared pivots of the information at the start.</param>
    /// <param name="end">The same at the end.</param>
    public static bool HasVanished(double[] start, double[] end)
    {
        for (int j = 0; j < start.Length; j++)
        {
            if (end[j] < Vanished * start[j])
                return true;
        }
        return false;
    }
}
