namespace ProbML;

/// <summary>Reduces the factor where losses have stopped falling, judged anew from all epochs behind.</summary>
internal sealed record PlateauSchedule : LearningRateSchedule
{
    private readonly double factor;
    private readonly int patience;
    private readonly double threshold;
    private readonly double minimum;

    public PlateauSchedule(double factor, int patience, double threshold, double minimum)
    {
        if (factor is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), $"The factor must lie in (0, 1), but is {factor}.");
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        if (!(threshold >= 0))
            throw new ArgumentOutOfRangeException(nameof(threshold), $"It must be at least 0, but is {threshold}.");
        if (minimum is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(minimum), $"It must lie in [0, 1], but is {minimum}.");
        (this.factor, this.patience, this.threshold, this.minimum) = (factor, patience, threshold, minimum);
    }

    public override double Factor(in SchedulePoint point)
    {
        double best = double.PositiveInfinity, now = 1;
        int waited = 0;
        foreach (double loss in point.EpochLosses)
        {
            // As PyTorch's relative threshold, for losses of either sign.
            if (double.IsPositiveInfinity(best) || loss < best - threshold * Math.Abs(best))
                (best, waited) = (loss, 0);
            else if (++waited > patience)
                (now, waited) = (now * factor, 0);
        }
        return Math.Max(now, minimum);
    }

    public override string ToString() => FormattableString.Invariant(
        $"plateau({factor}, {patience}, {threshold}, {minimum})");
}
