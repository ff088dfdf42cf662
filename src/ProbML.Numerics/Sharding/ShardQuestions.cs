using System.Globalization;

namespace ProbML.Sharding;

/// <summary>Asks all shards, again where one fails, and no longer than it may take.</summary>
internal sealed class ShardQuestions(IReadOnlyList<IShard> shards, ShardingOptions options)
{
    /// <summary>Asks each shard its question.</summary>
    /// <typeparam name="T">What an answer is read as.</typeparam>
    /// <param name="questions">[shards].</param>
    /// <param name="read">Reads an answer and throws where it cannot be one.</param>
    /// <param name="monitor">May cancel.</param>
    /// <returns>The answers, in the order of the shards.</returns>
    /// <exception cref="ShardException">A shard gave no answer.</exception>
    public T[] Ask<T>(byte[][] questions, Func<int, byte[], T> read, TrainingMonitor monitor)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(monitor.Cancellation);
        using var turns = new SemaphoreSlim(options.Concurrency ?? shards.Count);
        var asked = Task.Run(() => Task.WhenAll(shards.Select((_, s) => AskInTurn(s))));
        try
        {
            while (!asked.Wait(100))
                monitor.ThrowIfCancelled();
            return asked.Result;
        }
        catch (AggregateException e) when (e.InnerExceptions is [var only, ..])
        {
            monitor.ThrowIfCancelled();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(only);
            throw;
        }
        finally
        {
            stop.Cancel();
        }

        async Task<T> AskInTurn(int s)
        {
            await turns.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                return await AskOne(s, questions[s], read, stop.Token).ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);           // the others' answers will not be needed
                throw;
            }
            finally
            {
                turns.Release();
            }
        }
    }

    private async Task<T> AskOne<T>(int s, byte[] question, Func<int, byte[], T> read, CancellationToken stop)
    {
        var shard = shards[s];
        for (int attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(options.Timeout);
            Exception failure;
            try
            {
                return read(s, await shard.AskAsync(question, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is InvalidOperationException or ShardException or NotSupportedException)
            {
                throw new ShardException($"Shard '{shard.Name}': {e.Message}", e);      // it would say so again
            }
            catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
            {
                failure = new TimeoutException(
                    string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalSeconds:G4} seconds"), e);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failure = e;
            }
            if (attempt == options.Attempts)
                throw new ShardException(
                    $"Shard '{shard.Name}' failed {attempt} times; the last time: {failure.Message.TrimEnd('.')}. A fit needs every shard: bring it "
                    + "back, or leave it out and fit the others.", failure);
            await Task.Delay(options.RetryDelay * Math.Pow(2, attempt - 1), stop).ConfigureAwait(false);
        }
    }
}
