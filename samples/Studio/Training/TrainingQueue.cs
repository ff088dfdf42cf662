namespace ProbML.Studio;

/// <summary>Lets a few trainings go on at a time, and a few more wait for their turn.</summary>
internal sealed partial class TrainingQueue(StudioOptions options, ILogger<TrainingQueue> log) : IDisposable
{
    private readonly SemaphoreSlim places = new(options.MaximumTrainings);
    private int queued;

    /// <summary>Starts a run as soon as there is a place; false: too many wait already.</summary>
    public bool TryStart(TrainingRun run)
    {
        if (Interlocked.Increment(ref queued) > options.MaximumTrainings + options.MaximumWaiting)
        {
            Interlocked.Decrement(ref queued);
            return false;
        }
        _ = Task.Run(() => RunAsync(run));
        return true;
    }

    public void Dispose() => places.Dispose();

    private async Task RunAsync(TrainingRun run)
    {
        try
        {
            await places.WaitAsync(run.Stop);
            try
            {
                await Task.Factory.StartNew(
                    () => run.Train(options.TrainingTime),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            run.Abandon();
        }
        catch (Exception e)
        {
            Failed(log, e);
            run.Abandon();
        }
        finally
        {
            Interlocked.Decrement(ref queued);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A training run ended unexpectedly.")]
    private static partial void Failed(ILogger log, Exception cause);
}
