namespace ProbML;

/// <summary>Where a training stands, as a learning-rate schedule sees it.</summary>
/// <param name="Step">The steps behind, from 0.</param>
/// <param name="PlannedSteps">The steps planned in all.</param>
/// <param name="EpochLosses">The loss after each epoch behind: of the validation rows, or of the training rows if there are none.</param>
public readonly record struct SchedulePoint(long Step, long PlannedSteps, IReadOnlyList<double> EpochLosses)
{
    /// <summary>The share of the planned steps that lies behind, in [0, 1].</summary>
    public double Progress => PlannedSteps > 0 ? Math.Min(1, (double)Step / PlannedSteps) : 0;
}
