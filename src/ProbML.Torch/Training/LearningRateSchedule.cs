namespace ProbML;

/// <summary>The factor on the learning rate as training goes on; a value: schedules multiply, compare and print.</summary>
/// <remarks>
/// Functions of the point alone, without state, so that a resumed training finds the factor it left:
/// <c>LearningRateSchedule.WarmUp(500) * LearningRateSchedule.Cosine()</c>.
/// </remarks>
public abstract record LearningRateSchedule
{
    /// <summary>1 throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>f + (1 − f) (1 + cos πp) / 2 at the share p of the planned steps.</summary>
    /// <remarks>Loshchilov and Hutter (2017), eq. 5, without restarts.</remarks>
    /// <param name="final">The factor f at the end, in [0, 1].</param>
    public static LearningRateSchedule Cosine(double final = 0) => new CosineSchedule(final);

    /// <summary>(t + 1) / n in the first n steps, then 1.</summary>
    /// <remarks>Goyal et al. (2017), §2.2.</remarks>
    public static LearningRateSchedule WarmUp(long steps) => new WarmUpSchedule(steps);

    /// <summary>Multiplied by a factor whenever the epochs' loss has not fallen for more than so many epochs.</summary>
    /// <param name="factor">In (0, 1).</param>
    /// <param name="patience">Epochs without improvement that are borne.</param>
    /// <param name="threshold">A loss improves if it is below the best by more than this share of its magnitude.</param>
    /// <param name="minimum">The least factor.</param>
    public static LearningRateSchedule ReduceOnPlateau(
        double factor = 0.1, int patience = 10, double threshold = 1e-4, double minimum = 0) =>
        new PlateauSchedule(factor, patience, threshold, minimum);

    /// <summary>The product of two schedules' factors.</summary>
    public static LearningRateSchedule operator *(LearningRateSchedule left, LearningRateSchedule right) =>
        Multiply(left, right);

    /// <inheritdoc cref="op_Multiply"/>
    public static LearningRateSchedule Multiply(LearningRateSchedule left, LearningRateSchedule right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new ProductSchedule(left, right);
    }

    /// <summary>The factor on the learning rate of the step that comes next.</summary>
    public abstract double Factor(in SchedulePoint point);

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        public override double Factor(in SchedulePoint point) => 1;

        public override string ToString() => "constant";
    }

    private sealed record CosineSchedule : LearningRateSchedule
    {
        private readonly double final;

        public CosineSchedule(double final)
        {
            if (final is not (>= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(final), $"The final factor must lie in [0, 1], but is {final}.");
            this.final = final;
        }

        public override double Factor(in SchedulePoint point) =>
            final + (1 - final) * (1 + Math.Cos(Math.PI * point.Progress)) / 2;

        public override string ToString() => FormattableString.Invariant($"cosine({final})");
    }

    private sealed record WarmUpSchedule : LearningRateSchedule
    {
        private readonly long steps;

        public WarmUpSchedule(long steps)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(steps);
            this.steps = steps;
        }

        public override double Factor(in SchedulePoint point) =>
            point.Step < steps ? (point.Step + 1.0) / steps : 1;

        public override string ToString() => FormattableString.Invariant($"warmup({steps})");
    }

    private sealed record ProductSchedule(LearningRateSchedule Left, LearningRateSchedule Right) : LearningRateSchedule
    {
        public override double Factor(in SchedulePoint point) => Left.Factor(point) * Right.Factor(point);

        public override string ToString() => $"{Left} * {Right}";
    }
}
