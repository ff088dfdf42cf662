namespace ProbML.Flows;

/// <summary>How a flow detects anomalies.</summary>
public sealed record FlowAnomalyOptions
{
    /// <summary>How it is built and trained; its columns do not matter.</summary>
    /// <remarks>A tenth of the rows is held out, so that the threshold is set on rows that did not train.</remarks>
    public FlowOptions Flow { get; init; } = new();

    /// <summary>The share α of rows like those of training to be called anomalies, in (0, 1).</summary>
    /// <remarks>
    /// The threshold is the ⌈(1 − α)(m + 1)⌉-th smallest Score of the m rows held out (of all rows where none are): a new
    /// row of the same kind exceeds it with probability α at most. Bates et al. (2023), §2.1.
    /// </remarks>
    public double FalseAlarmRate { get; init; } = 0.01;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Flow);
        Flow.Validate();
        if (!(FalseAlarmRate is > 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(FalseAlarmRate), $"FalseAlarmRate must lie in (0, 1), but is {FalseAlarmRate}.");
    }
}
