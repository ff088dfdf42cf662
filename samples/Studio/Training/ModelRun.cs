using System.Diagnostics;

namespace ProbML.Studio;

/// <summary>Where the training of one model stands.</summary>
internal enum TrainingState
{
    Waiting,
    Training,
    Done,
    Failed,
    Cancelled,
}

/// <summary>The training of one model; written by one thread, read by any.</summary>
internal sealed class ModelRun(ModelCandidate candidate)
{
    private readonly Stopwatch watch = new();
    private volatile string progress = "";
    private volatile ModelResult? result;
    private volatile string? error;
    private volatile int state;

    public ModelCandidate Candidate => candidate;

    public TrainingState State => (TrainingState)state;

    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>What is being done.</summary>
    public string Progress => progress;

    /// <summary>The fitted model and its scores, once done.</summary>
    public ModelResult? Result => result;

    /// <summary>Why it failed.</summary>
    public string? Error => error;

    /// <summary>The state in words.</summary>
    public string StateText => State switch
    {
        TrainingState.Waiting => "waiting",
        TrainingState.Training => "training",
        TrainingState.Done => "done",
        TrainingState.Failed => "failed",
        _ => "cancelled",
    };

    public bool HasEnded => State is TrainingState.Done or TrainingState.Failed or TrainingState.Cancelled;

    public void Start()
    {
        watch.Start();
        state = (int)TrainingState.Training;
    }

    public void Tell(string text) => progress = text;

    public void Finish(ModelResult fitted)
    {
        watch.Stop();
        result = fitted;
        progress = "";
        state = (int)TrainingState.Done;
    }

    public void Fail(string message)
    {
        watch.Stop();
        error = message;
        state = (int)TrainingState.Failed;
    }

    public void Cancel()
    {
        watch.Stop();
        progress = "";
        state = (int)TrainingState.Cancelled;
    }
}
