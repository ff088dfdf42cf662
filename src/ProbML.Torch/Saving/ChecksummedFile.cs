using System.Buffers.Binary;
using System.Numerics;

namespace ProbML;

/// <summary>A file that a power cut leaves whole, old or new, and whose damage is noticed.</summary>
/// <remarks>Eight bytes that name the format, the content, CRC-32C of the content. The file before is kept as <c>.previous</c>.</remarks>
internal static class ChecksummedFile
{
    private const int Trailer = 4;

    private static ReadOnlySpan<byte> Magic => "PROBMLC1"u8;

    /// <summary>Writes beside the file, then puts the new one in its place.</summary>
    /// <exception cref="IOException">It could not be written; the old one is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string fresh = path + ".writing";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Span<byte> checksum = stackalloc byte[Trailer];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(content));
            stream.Write(Magic);
            stream.Write(content);
            stream.Write(checksum);
            stream.Flush(flushToDisk: true);
        }
        if (File.Exists(path))
            File.Move(path, PreviousOf(path), overwrite: true);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>The file, or the one before where the power went between the two moves; null: there is none.</summary>
    public static string? Find(string path) =>
        File.Exists(path) ? path : File.Exists(PreviousOf(path)) ? PreviousOf(path) : null;

    /// <summary>The content.</summary>
    /// <exception cref="FormatException">The file is damaged; the message names it and says what can be done.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var content = bytes.AsMemory(Math.Min(bytes.Length, Magic.Length));
        if (bytes.Length >= Magic.Length + Trailer && bytes.AsSpan().StartsWith(Magic))
        {
            var (body, checksum) = (content[..^Trailer], content[^Trailer..]);
            if (Checksum(body.Span) == BinaryPrimitives.ReadUInt32LittleEndian(checksum.Span))
                return body;
        }
        throw new FormatException(
            $"The checkpoint '{path}' is damaged or cut short: its checksum does not match. Nothing was changed. "
            + (File.Exists(PreviousOf(path))
                ? $"Put the one before it, '{PreviousOf(path)}', in its place to go on from there, or remove it to begin anew."
                : "Remove it to begin anew."));
    }

    /// <summary>Where the file before the last is kept.</summary>
    public static string PreviousOf(string path) => path + ".previous";

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
