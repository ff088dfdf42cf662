using System.Text;

namespace ProbML.Sharding;

/// <summary>Answers the questions that come over a stream: the other end of a <see cref="StreamShard"/>.</summary>
public static class ShardServer
{
    /// <summary>Answers until the other side closes the stream.</summary>
    /// <param name="shard">Gives the answers; what it throws is sent as a message.</param>
    /// <param name="stream">A pipe or a socket.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="IOException">The connection failed.</exception>
    /// <exception cref="FormatException">What came is no message of a <see cref="StreamShard"/>.</exception>
    public static async Task ServeAsync(IShard shard, Stream stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(shard);
        ArgumentNullException.ThrowIfNull(stream);
        while (await ShardFrames.ReadAsync(stream, cancellation).ConfigureAwait(false) is { } message)
        {
            if (message.Mark != ShardFrames.Question)
                throw new FormatException("What came over the connection is no question.");
            byte mark;
            byte[] reply;
            try
            {
                (mark, reply) = (ShardFrames.Answer, await shard.AskAsync(message.Bytes, cancellation).ConfigureAwait(false));
            }
            catch (Exception e) when (e is InvalidOperationException or ShardException or NotSupportedException)
            {
                (mark, reply) = (ShardFrames.Refusal, Encoding.UTF8.GetBytes(e.Message));
            }
#pragma warning disable CA1031 // whatever it is, who asked hears of it
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                (mark, reply) = (ShardFrames.Failure, Encoding.UTF8.GetBytes($"{e.GetType().Name}: {e.Message}"));
            }
            await ShardFrames.WriteAsync(stream, mark, reply, cancellation).ConfigureAwait(false);
        }
    }
}
