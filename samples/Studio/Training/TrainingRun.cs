namespace ProbML.Studio;

/// <summary>Several models trained on the same rows, one after the other, and compared.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private volatile bool hasEnded;

    public TrainingRun(int id, Setup setup, IReadOnlyList<ModelCandidate> candidates)
    {
        (Id, Setup, Split) = (id, setup, RowSplit.Of(setup));
        Models = [.. candidates.Select(candidate => new ModelRun(candidate))];
    }

    /// <summary>Its number in the session.</summary>
    public int Id { get; }

    public Setup Setup { get; }

    public RowSplit Split { get; }

    public IReadOnlyList<ModelRun> Models { get; }

    /// <summary>Whether nothing more will happen.</summary>
    public bool HasEnded => hasEnded;

    public bool IsCancelled => stop.IsCancellationRequested;

    /// <summary>What is going on, in a sentence.</summary>
    public string Status
    {
        get
        {
            int ended = Models.Count(model => model.HasEnded);
            if (hasEnded)
            {
                int done = Models.Count(model => model.State == TrainingState.Done);
                return $"{(IsCancelled ? "Cancelled" : "Finished")}: {done} of {Models.Count} models are trained.";
            }
            if (IsCancelled)
                return "Cancelling …";
            return Models.FirstOrDefault(model => model.State == TrainingState.Training) is { } current
                ? $"Training {current.Candidate.Name}, {ended + 1} of {Models.Count}."
                : "Waiting for a free place: other trainings go on.";
        }
    }

    public void Cancel() => stop.Cancel();

    /// <summary>Trains all models; returns when all are done, or soon after it is cancelled.</summary>
    public void Train(TimeSpan timeLimit)
    {
        try
        {
            foreach (var model in Models)
                Train(model, timeLimit);
        }
        finally
        {
            hasEnded = true;
        }
    }

    /// <summary>Ends before it began.</summary>
    public void Abandon()
    {
        foreach (var model in Models.Where(model => !model.HasEnded))
            model.Cancel();
        hasEnded = true;
    }

    public CancellationToken Stop => stop.Token;

    public void Dispose()
    {
        stop.Cancel();
        foreach (var model in Models)
            (model.Result?.Model as IDisposable)?.Dispose();
    }

    private void Train(ModelRun model, TimeSpan timeLimit)
    {
        if (stop.IsCancellationRequested)
        {
            model.Cancel();
            return;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(timeLimit);
        model.Start();
        try
        {
            model.Finish(ModelTrainer.Train(Setup, Split, model, limit.Token));
        }
        catch (Exception e)
        {
            if (stop.IsCancellationRequested)
                model.Cancel();
            else if (limit.IsCancellationRequested)
                model.Fail($"It took longer than {timeLimit.TotalMinutes:0.#} minutes, the limit here.");
            else
                model.Fail(Innermost(e).Message);
        }
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
