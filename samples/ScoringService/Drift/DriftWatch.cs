using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.ML;

namespace ProbML.Examples.Scoring;

/// <summary>Shows scored rows to a drift monitor, off the way of requests, and keeps what it knows over a restart.</summary>
internal sealed class DriftWatch : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Channel<JsonRows> waiting = Channel.CreateUnbounded<JsonRows>(new() { SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly DriftMonitor monitor;
    private readonly string model, reference, statePath;
    private readonly ScoringOptions options;
    private readonly ServiceMetrics metrics;
    private readonly Task watching;
    private int waitingRows;
    private bool isSaved = true;

    private DriftWatch(string model, string reference, string statePath, DriftMonitor monitor, ScoringOptions options, ServiceMetrics metrics)
    {
        (this.model, this.reference, this.statePath, this.monitor) = (model, reference, statePath, monitor);
        (this.options, this.metrics) = (options, metrics);
        watching = Task.WhenAll(Task.Run(Observe), Task.Run(SaveNowAndThen));
    }

    /// <summary>Where the monitor stands.</summary>
    public DriftStatus Status
    {
        get
        {
            lock (gate)
                return monitor.Status;
        }
    }

    /// <summary>A watch over the rows of a model; the one there was, if it is of the same reference.</summary>
    /// <exception cref="FormatException">The file is no saved monitor.</exception>
    /// <exception cref="ArgumentException">It watches a column that not every row has, as the label is.</exception>
    public static DriftWatch Open(LoadedModel model, string path, DriftWatch? before, ScoringOptions options, ServiceMetrics metrics)
    {
        byte[] file = File.ReadAllBytes(path);
        string reference = Convert.ToHexStringLower(SHA256.HashData(file))[..12];
        var nothing = new RowView(new JsonRows(model.Schema.Columns, model.Schema.Inputs, 0).Required());
        if (before?.reference == reference)
        {
            lock (before.gate)
                before.monitor.Observe(nothing);           // says so if the new model has other columns
            return before;
        }
        Directory.CreateDirectory(options.State);
        string state = Path.Combine(options.State, $"{model.Name}.{reference}.drift");
        var monitor = Read(File.Exists(state) ? state : path);
        monitor.Observe(nothing);
        return new(model.Name, reference, state, monitor, options, metrics);
    }

    /// <summary>Hands it rows, of which it takes a copy; where too many wait already, it does without them.</summary>
    public void Offer(JsonRows rows)
    {
        if (rows.Count == 0)
            return;
        if (Interlocked.Add(ref waitingRows, rows.Count) <= options.DriftQueueRows && waiting.Writer.TryWrite(rows.Required()))
            return;
        Interlocked.Add(ref waitingRows, -rows.Count);
        metrics.NotObserved(model, rows.Count);
    }

    /// <summary>Compares the last rows with the reference.</summary>
    /// <exception cref="InvalidOperationException">Fewer than four rows were seen.</exception>
    public DriftReport Report()
    {
        lock (gate)
            return monitor.Report();
    }

    /// <summary>Forgets the rows it was shown.</summary>
    public void Reset()
    {
        lock (gate)
        {
            monitor.Reset();
            isSaved = false;
        }
        metrics.Drift(model, Status);
    }

    /// <summary>Observes what waits still, and saves.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
        metrics.Forget(model);
    }

    private static DriftMonitor Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return new MLContext().Data.LoadDriftMonitor(stream);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    private async Task Observe()
    {
        await foreach (var rows in waiting.Reader.ReadAllAsync())
        {
            DriftStatus status;
            lock (gate)
            {
                status = monitor.Observe(new RowView(rows));
                isSaved = false;
            }
            Interlocked.Add(ref waitingRows, -rows.Count);
            metrics.Observed(model, rows.Count);
            metrics.Drift(model, status);
        }
        Save();
    }

    private async Task SaveNowAndThen()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SaveSeconds));
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                Save();
        }
        catch (OperationCanceledException)
        {
            // the other task saves last
        }
    }

    /// <summary>Writes beside the file and moves it into its place, so that none is ever half written.</summary>
    private void Save()
    {
        var state = new MemoryStream();
        lock (gate)
        {
            if (isSaved)
                return;
            monitor.Save(state);
            isSaved = true;
        }
        try
        {
            string beside = $"{statePath}.{Guid.NewGuid():N}.partial";
            File.WriteAllBytes(beside, state.ToArray());
            File.Move(beside, statePath, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (gate)
                isSaved = false;
            metrics.NotSaved(model);
        }
    }
}
