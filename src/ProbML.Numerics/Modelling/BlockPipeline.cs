using System.Runtime.ExceptionServices;

namespace ProbML;

/// <summary>
/// Several threads take turns at reading the next block, add up the block each has read, and merge the partial sums in the
/// order of the rows.
/// </summary>
/// <remarks>The thread that reads a block works on it, so that it stays in that core's cache.</remarks>
internal sealed class BlockPipeline<TSum>(
    Design design, Func<TSum> create, TrainingMonitor monitor, int threads, bool sparse)
    where TSum : class, IBlockSum<TSum>
{
    private readonly Lock reading = new();
    private readonly object merging = new();              // a monitor: threads wait on it
    private readonly TSum total = create();
    private readonly Dictionary<long, TSum> waiting = [];
    private readonly Stack<TSum> idle = new();
    private long read;
    private long merged;
    private bool ended;
    private volatile Exception? failure;

    public TSum Run()
    {
        total.Clear();
        using var reader = design.OpenReader();
        var others = new Task[Math.Max(0, threads - 1)];
        for (int t = 0; t < others.Length; t++)
            others[t] = Task.Factory.StartNew(
                () => Work(reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Work(reader);
        Task.WaitAll(others);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return total;
    }

    private void Work(IDesignReader reader)
    {
        var buffer = design.RentBuffer(sparse);
        try
        {
            while (TryRead(reader, buffer) is { } index)
            {
                var part = Take();
                part.Clear();
                part.Add(buffer.Block);
                Deliver(index, part);
            }
        }
#pragma warning disable CA1031 // whatever a block throws is thrown again by the thread that called Run
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (merging)
            {
                failure ??= e;
                Monitor.PulseAll(merging);
            }
        }
        finally
        {
            design.ReturnBuffer(buffer);
        }
    }

    /// <summary>The number of the block read, or null at the end. A thread far ahead of the merging waits for it.</summary>
    private long? TryRead(IDesignReader reader, RowBuffer buffer)
    {
        lock (reading)
        {
            lock (merging)
            {
                while (read - merged >= 2 * threads && failure is null)
                    Monitor.Wait(merging);
            }
            if (ended || failure is not null)
                return null;
            monitor.ThrowIfCancelled();
            if (reader.Read(buffer))
                return read++;
            ended = true;
            return null;
        }
    }

    private TSum Take()
    {
        lock (merging)
        {
            if (idle.TryPop(out var part))
                return part;
        }
        return create();
    }

    private void Deliver(long index, TSum part)
    {
        lock (merging)
        {
            waiting.Add(index, part);
            while (waiting.Remove(merged, out var next))
            {
                total.Merge(next);
                merged++;
                idle.Push(next);
            }
            Monitor.PulseAll(merging);
        }
    }
}
