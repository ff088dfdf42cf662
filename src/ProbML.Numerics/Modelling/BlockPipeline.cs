using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ProbML;

/// <summary>One thread reads blocks, several add them up, and the partial sums are merged in the order of the rows.</summary>
internal sealed class BlockPipeline<TSum>(Design design, Func<TSum> create, TrainingMonitor monitor, int threads)
    where TSum : class, IBlockSum<TSum>
{
    private readonly TSum total = Empty(create);
    private readonly Dictionary<long, TSum> waiting = [];
    private readonly Stack<TSum> idle = new();
    private long merged;
    private Exception? failure;

    public TSum Run()
    {
        using var reader = design.OpenReader();
        if (threads <= 1)
            RunOnOneThread(reader);
        else
            RunOnSeveral(reader);
        return total;
    }

    private static TSum Empty(Func<TSum> create)
    {
        var sum = create();
        sum.Clear();
        return sum;
    }

    private void RunOnOneThread(IDesignReader reader)
    {
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        var part = create();
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            part.Clear();
            part.Add(buffer.Block);
            total.Merge(part);
        }
    }

    private void RunOnSeveral(IDesignReader reader)
    {
        int inFlight = threads + 2;
        using var free = new BlockingCollection<RowBuffer>();
        using var full = new BlockingCollection<(long Index, RowBuffer Buffer)>();
        using var room = new SemaphoreSlim(inFlight);     // blocks read and not yet merged: bounds the waiting sums
        var workers = new Task[threads];
        for (int t = 0; t < threads; t++)
            workers[t] = Task.Factory.StartNew(
                () => Work(full, free, room),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);

        int made = 0;
        try
        {
            for (long index = 0; Volatile.Read(ref failure) is null; index++)
            {
                room.Wait();
                if (!free.TryTake(out var buffer))
                {
                    buffer = made < inFlight ? new RowBuffer(design.BlockRows, design.FeatureCount) : free.Take();
                    made++;
                }
                monitor.ThrowIfCancelled();
                if (!reader.Read(buffer))
                    break;
                full.Add((index, buffer));
            }
        }
        finally
        {
            full.CompleteAdding();
            Task.WaitAll(workers);
        }
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Work(
        BlockingCollection<(long Index, RowBuffer Buffer)> full,
        BlockingCollection<RowBuffer> free,
        SemaphoreSlim room)
    {
        foreach (var (index, buffer) in full.GetConsumingEnumerable())
        {
            try
            {
                if (Volatile.Read(ref failure) is null)
                {
                    var part = Take();
                    part.Clear();
                    part.Add(buffer.Block);
                    Deliver(index, part, room);
                }
                else
                {
                    room.Release();
                }
            }
#pragma warning disable CA1031 // whatever a block throws is thrown again by the reading thread
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, e, null);
                room.Release();
            }
            free.Add(buffer);
        }
    }

    private TSum Take()
    {
        lock (idle)
        {
            if (idle.TryPop(out var part))
                return part;
        }
        return create();
    }

    private void Deliver(long index, TSum part, SemaphoreSlim room)
    {
        lock (waiting)
        {
            waiting.Add(index, part);
            while (waiting.Remove(merged, out var next))
            {
                total.Merge(next);
                merged++;
                lock (idle)
                    idle.Push(next);
                room.Release();
            }
        }
    }
}
