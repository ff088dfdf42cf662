using System.Buffers.Binary;

namespace ProbML.Sharding;

/// <summary>Messages on a stream: a mark of one byte, a length of four, little-endian, and the bytes.</summary>
internal static class ShardFrames
{
    public const byte Question = 1, Answer = 2, Refusal = 3, Failure = 4;

    private const int LongestFrame = 1 << 30;

    public static async Task WriteAsync(Stream stream, byte mark, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        byte[] head = new byte[5];
        head[0] = mark;
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(1), bytes.Length);
        await stream.WriteAsync(head, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The next message; null where the stream ends in front of it.</summary>
    /// <exception cref="EndOfStreamException">The stream ends within it.</exception>
    /// <exception cref="FormatException">It is none.</exception>
    public static async Task<(byte Mark, byte[] Bytes)?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] head = new byte[5];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (read == 0)
            return null;
        if (read < head.Length)
            throw new EndOfStreamException("The connection was cut within a message.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
        if (head[0] is < Question or > Failure || length is < 0 or > LongestFrame)
            throw new FormatException("What came over the connection is no message of a shard.");
        using var bytes = new MemoryStream();             // grows with what comes, not with what is claimed
        byte[] chunk = new byte[Math.Min(length, 1 << 16)];
        for (int left = length; left > 0;)
        {
            int count = await stream.ReadAsync(chunk.AsMemory(0, Math.Min(left, chunk.Length)), cancellation).ConfigureAwait(false);
            if (count == 0)
                throw new EndOfStreamException("The connection was cut within a message.");
            bytes.Write(chunk, 0, count);
            left -= count;
        }
        return (head[0], bytes.ToArray());
    }
}
