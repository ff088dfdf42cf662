using System.Security.Cryptography;

namespace ProbML.Sharding;

/// <summary>Questions and answers as bytes: a mark, a version, the hash of the question in its answer, the body, and a hash of all.</summary>
internal static class ShardFormat
{
    private const uint QuestionMark = 0x51534D50, AnswerMark = 0x41534D50;      // "PMSQ", "PMSA"
    private const int Version = 1;

    public static byte[] Question(string kind, long firstRow, Action<BinaryWriter> body) => Write(writer =>
    {
        writer.Write(QuestionMark);
        writer.Write(Version);
        writer.Write(kind);
        writer.Write(firstRow);
        body(writer);
    });

    public static (string Kind, long FirstRow) ReadQuestion(BinaryReader reader)
    {
        if (reader.ReadUInt32() != QuestionMark)
            throw new FormatException("These bytes are no question to a shard.");
        reader.ReadVersion(Version, "question");
        return (reader.ReadString(), reader.ReadInt64());
    }

    public static byte[] Answer(byte[] question, long rows, Action<BinaryWriter> body) => Write(writer =>
    {
        writer.Write(AnswerMark);
        writer.Write(Version);
        writer.Write(SHA256.HashData(question));
        writer.Write(rows);
        body(writer);
    });

    /// <summary>Reads an answer's head: how many rows it is of.</summary>
    public static long ReadAnswer(BinaryReader reader, byte[] question)
    {
        if (reader.ReadUInt32() != AnswerMark)
            throw new FormatException("These bytes are no shard's answer.");
        reader.ReadVersion(Version, "answer");
        if (!reader.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(SHA256.HashData(question)))
            throw new FormatException("The answer is to another question.");
        return reader.ReadInt64();
    }

    /// <summary>Reads all bytes, and no more.</summary>
    /// <exception cref="FormatException">The bytes are cut short, or are too many.</exception>
    public static T Read<T>(byte[] bytes, string what, Func<BinaryReader, T> read)
    {
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            throw new FormatException($"The {what} was damaged on its way: its hash is another.");
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length));
        try
        {
            var result = read(reader);
            return reader.BaseStream.Position == length
                ? result
                : throw new FormatException($"The {what} is longer than it should be: it is damaged.");
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException($"The {what} was cut short.", e);
        }
    }

    /// <summary>What is written, and a hash of it.</summary>
    public static byte[] Write(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            write(writer);
        byte[] bytes = stream.ToArray();
        return [.. bytes, .. SHA256.HashData(bytes)];
    }
}
