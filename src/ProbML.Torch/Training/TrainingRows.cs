namespace ProbML;

/// <summary>Where a training's rows come from, those that train and those that measure.</summary>
internal abstract class TrainingRows : IDisposable
{
    /// <summary>Rows that train.</summary>
    public abstract long Count { get; }

    /// <summary>Rows that measure.</summary>
    public abstract long ValidationCount { get; }

    /// <summary>SHA-256 of all rows, in hexadecimal.</summary>
    public abstract string Hash { get; }

    /// <summary>A pass over the training rows in the order of an epoch.</summary>
    /// <param name="epoch">The epoch, from 1; its order follows from it and the seed.</param>
    /// <param name="skip">Rows of that order to leave out: those a resumed epoch has behind it.</param>
    public abstract IBatchPass Train(int epoch, long skip);

    /// <summary>A pass over the validation rows in their own order.</summary>
    public abstract IBatchPass Validate();

    /// <summary>A pass over the training rows in their own order.</summary>
    public abstract IBatchPass InOrder();

    public abstract void Dispose();

    /// <summary>How many of n rows measure: the share asked for, at least one, and one is left to train.</summary>
    public static long ValidationRowsOf(long rows, double fraction)
    {
        if (fraction == 0)
            return 0;
        if (rows < 2)
            throw new InvalidOperationException(
                $"A validation split needs at least 2 rows, but there is {rows}. Set ValidationFraction to 0.");
        return Math.Clamp((long)Math.Round(rows * fraction), 1, rows - 1);
    }
}

/// <summary>A pass over rows, batch by batch. Called inside the step's scope, to which the tensors belong.</summary>
internal interface IBatchPass : IDisposable
{
    /// <summary>The next batch; false: there are no more.</summary>
    bool TryNext(out TrainingBatch batch);
}
