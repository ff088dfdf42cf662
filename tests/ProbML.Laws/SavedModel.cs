using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ProbML.Laws;

/// <summary>The inside of a saved model: a zip archive whose entries can be compared and damaged one by one.</summary>
public static class SavedModel
{
    private const int BodyLengthAt = 0x18, NewestReaderAt = 0x4C, HeaderSize = 0x100;

    /// <summary>Compares contents; the archives' time stamps may differ.</summary>
    public static void AssertSame(byte[] left, byte[] right)
    {
        var (first, second) = (Entries(left), Entries(right));
        Assert.Equal(first.Keys, second.Keys);
        foreach (var (name, content) in first)
            Assert.True(content.AsSpan().SequenceEqual(second[name]), $"'{name}' differs");
    }

    /// <summary>Where our component's bytes lie in its entry: after header, two names, length and checksum.</summary>
    public static Range Body(byte[] entry) =>
        (HeaderSize + 20)..(int)(HeaderSize + BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(BodyLengthAt)));

    public static void SetLength(byte[] entry, long length) =>
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(HeaderSize + 8), length);

    public static void SetVersions(byte[] entry, uint written, uint readable)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(NewestReaderAt - 4), written);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(NewestReaderAt), readable);
    }

    /// <summary>The version that our component was written in, and that its reader must know.</summary>
    public static (uint Written, uint Readable) Versions(byte[] saved)
    {
        var entry = Entries(saved).Values.Single(IsOurs);
        return (
            BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(NewestReaderAt - 4)),
            BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(NewestReaderAt)));
    }

    /// <summary>Replaces a name by another of the same length.</summary>
    public static void Rename(byte[] entry, string from, string to)
    {
        int at = entry.AsSpan().IndexOf(Encoding.Unicode.GetBytes(from));
        Assert.True(at > 0, $"no '{from}' in the saved model");
        Encoding.Unicode.GetBytes(to).CopyTo(entry.AsSpan(at));
    }

    /// <summary>The archive with the entry of our component changed.</summary>
    public static byte[] Change(byte[] saved, Action<byte[]> change)
    {
        var entries = Entries(saved);
        var (name, content) = entries.Single(entry => IsOurs(entry.Value));
        change(content);
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var entry in entries)
            {
                using var to = archive.CreateEntry(entry.Key).Open();
                to.Write(entry.Value);
            }
        return stream.ToArray();
    }

    private static bool IsOurs(byte[] entry) =>
        entry.Length > HeaderSize && entry.AsSpan(0x40, 8).SequenceEqual(Encoding.ASCII.GetBytes("PROBMODL"));

    private static Dictionary<string, byte[]> Entries(byte[] saved)
    {
        using var archive = new ZipArchive(new MemoryStream(saved));
        return archive.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var content = new MemoryStream();
                using var from = entry.Open();
                from.CopyTo(content);
                return content.ToArray();
            });
    }
}
