namespace ProbML.Vae;

/// <summary>How an autoencoder detects anomalies.</summary>
public sealed record VaeAnomalyOptions
{
    /// <summary>How it is built and trained; columns and scoring of its own do not matter, but for the draws.</summary>
    /// <remarks>A tenth of the rows is held out, so that the threshold is set on rows that did not train.</remarks>
    public VaeOptions Autoencoder { get; init; } = new() { Training = new() { ValidationFraction = 0.1 } };

    /// <summary>What the Score is.</summary>
    public VaeAnomalyScore Score { get; init; }

    /// <summary>The share α of rows like those of training to be called anomalies, in (0, 1).</summary>
    /// <remarks>
    /// The threshold is the ⌈(1 − α)(m + 1)⌉-th smallest Score of the m rows held out (of all rows where none are): a new
    /// row of the same kind exceeds it with probability α at most. Bates et al. (2023), §2.1. Few rows cannot carry a small α:
    /// the threshold is then their largest Score.
    /// </remarks>
    public double FalseAlarmRate { get; init; } = 0.01;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Autoencoder);
        Autoencoder.Validate();
        if (!(FalseAlarmRate is > 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(FalseAlarmRate), $"FalseAlarmRate must lie in (0, 1), but is {FalseAlarmRate}.");
        if (!Enum.IsDefined(Score))
            throw new ArgumentOutOfRangeException(nameof(Score), $"Score has no value {(int)Score}.");
    }
}
