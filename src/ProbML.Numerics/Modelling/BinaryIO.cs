using System.Runtime.InteropServices;

namespace ProbML;

/// <summary>Arrays in a saved model: a count, then the numbers, little-endian; counts are checked before memory is taken.</summary>
internal static class BinaryIO
{
    private const int MaximumCount = 1 << 28;

    public static void WriteArray(this BinaryWriter writer, ReadOnlySpan<double> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public static void WriteArray(this BinaryWriter writer, ReadOnlySpan<int> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public static void WriteArray(this BinaryWriter writer, IReadOnlyList<string> values)
    {
        writer.Write(values.Count);
        foreach (string value in values)
            writer.Write(value);
    }

    /// <summary>Numbers without a count: the reader knows how many there are.</summary>
    public static void WriteNumbers(this BinaryWriter writer, ReadOnlySpan<double> values) =>
        writer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Fills what <see cref="WriteNumbers"/> wrote.</summary>
    public static void ReadNumbers(this BinaryReader reader, Span<double> values, string what)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        while (!bytes.IsEmpty)
        {
            int read = reader.Read(bytes);
            if (read == 0)
                throw new FormatException($"The model ends in the middle of its {what}: it was cut short.");
            bytes = bytes[read..];
        }
    }

    public static double[] ReadDoubleArray(this BinaryReader reader, string what) =>
        MemoryMarshal.Cast<byte, double>(reader.ReadExactly(8L * reader.ReadCount(what), what)).ToArray();

    public static int[] ReadInt32Array(this BinaryReader reader, string what) =>
        MemoryMarshal.Cast<byte, int>(reader.ReadExactly(4L * reader.ReadCount(what), what)).ToArray();

    public static string[] ReadStringArray(this BinaryReader reader, string what)
    {
        int count = reader.ReadCount(what);
        var values = new List<string>();
        for (int i = 0; i < count; i++)
            values.Add(reader.ReadString());
        return [.. values];
    }

    /// <summary>Reads the version of a format, from 1 to the one known.</summary>
    public static int ReadVersion(this BinaryReader reader, int known, string what)
    {
        int version = reader.ReadInt32();
        return version >= 1 && version <= known
            ? version
            : throw new FormatException(
                $"The {what} was saved in format {version}; this version of ProbML reads {known}. Update ProbML.");
    }

    public static int ReadCount(this BinaryReader reader, string what)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MaximumCount)
            throw new FormatException($"The model says it has {count} {what}: it is damaged.");
        return count;
    }

    private static byte[] ReadExactly(this BinaryReader reader, long bytes, string what)
    {
        using var memory = new MemoryStream();            // grows with what is there, not with what is claimed
        Span<byte> chunk = stackalloc byte[4096];
        for (long left = bytes; left > 0;)
        {
            int read = reader.Read(chunk[..(int)Math.Min(left, chunk.Length)]);
            if (read == 0)
                throw new FormatException($"The model ends in the middle of its {what}: it was cut short.");
            memory.Write(chunk[..read]);
            left -= read;
        }
        return memory.ToArray();
    }
}
