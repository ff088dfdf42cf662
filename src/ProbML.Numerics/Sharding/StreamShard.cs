using System.Text;

namespace ProbML.Sharding;

/// <summary>A shard at the other end of a stream, such as a pipe or a socket, where <see cref="ShardServer"/> answers.</summary>
/// <remarks>After a failure it connects anew, so a server that was restarted is found again.</remarks>
/// <param name="name">What messages call it.</param>
/// <param name="connect">Opens a stream to the server.</param>
public sealed class StreamShard(string name, Func<CancellationToken, Task<Stream>> connect) : IShard, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private Stream? stream;
    private bool isDisposed;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection failed.</exception>
    public async Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        bool isWhole = false;
        try
        {
            stream ??= await connect(cancellation).ConfigureAwait(false);
            await ShardFrames.WriteAsync(stream, ShardFrames.Question, question, cancellation).ConfigureAwait(false);
            var (mark, bytes) = await ShardFrames.ReadAsync(stream, cancellation).ConfigureAwait(false)
                ?? throw new IOException("the connection was closed before an answer came");
            isWhole = true;
            return mark switch
            {
                ShardFrames.Answer => bytes,
                ShardFrames.Refusal => throw new InvalidOperationException(Encoding.UTF8.GetString(bytes)),
                _ => throw new IOException(Encoding.UTF8.GetString(bytes)),
            };
        }
        finally
        {
            if (!isWhole && stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                stream = null;
            }
            turn.Release();
        }
    }

    /// <summary>Closes the stream; the server ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        await turn.WaitAsync().ConfigureAwait(false);
        isDisposed = true;
        if (stream is not null)
            await stream.DisposeAsync().ConfigureAwait(false);
        stream = null;
        turn.Dispose();
    }
}
