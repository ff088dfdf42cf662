using System.Buffers.Binary;
using System.Text;

namespace ProbML;

/// <summary>The symbol versions that an ELF library asks of the libraries below it.</summary>
/// <remarks>
/// System V ABI, gABI and the GNU symbol-versioning extension (LSB 5.0, "Symbol Versioning"). A library is refused when a
/// version it names is absent, even where no relocation uses a symbol of that version; a version marked weak is not missed.
/// </remarks>
internal static class ElfVersions
{
    private const int VersionNeeds = 0x6ffffffe, VersionTable = 0x6ffffff0;
    private const int StringTable = 5, SymbolTable = 6;
    private const int Relocations = 7, RelocationSize = 8, PltRelocations = 23, PltRelocationSize = 2;
    private const ushort Weak = 2;

    // The same function under its first version: libstdc++ 6.0.30 only gave condition_variable::wait another one.
    private const string Wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";
    private const string FirstVersionOfWait = "GLIBCXX_3.4.11";

    /// <summary>Marks the versions that the system lacks as weak, in place.</summary>
    /// <param name="image">A 64-bit little-endian ELF library.</param>
    /// <param name="systemHas">Whether the system has a version, such as "GLIBCXX_3.4.32".</param>
    /// <returns>False: there was nothing to change, or a relocation really needs what the system lacks.</returns>
    public static bool Relax(byte[] image, Func<string, bool> systemHas)
    {
        try
        {
            var edits = Edits(image, systemHas);
            foreach (var (at, value) in edits)
                BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(checked((int)at), 2), value);
            return edits.Count > 0;
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException or OverflowException
            or KeyNotFoundException or IndexOutOfRangeException)
        {
            return false;                                    // cut short or garbled: the loader will say what it thinks of it
        }
    }

    /// <summary>What is to be written where; nothing: there is nothing to change, or nothing that can be.</summary>
    private static Dictionary<long, ushort> Edits(byte[] image, Func<string, bool> systemHas)
    {
        var edits = new Dictionary<long, ushort>();
        if (image.Length < 64 || Word(image, 0) != 0x464C457F || image[4] != 2 || image[5] != 1)
            return edits;
        var (loads, entries) = Segments(image);
        if (!entries.TryGetValue(VersionNeeds, out ulong needs)
            || !entries.TryGetValue(VersionTable, out ulong versions))
        {
            return edits;
        }
        long strings = FileOffset(loads, entries[StringTable]);
        var (index, missing) = Needs(image, FileOffset(loads, needs), strings, systemHas);
        if (missing.Count == 0)
            return edits;
        long symbols = FileOffset(loads, entries[SymbolTable]), table = FileOffset(loads, versions);
        foreach (var (start, size) in new[] { (Relocations, RelocationSize), (PltRelocations, PltRelocationSize) })
        {
            if (!entries.TryGetValue((ulong)start, out ulong address))
                continue;
            long first = FileOffset(loads, address), end = first + (long)entries[(ulong)size];
            for (long entry = first; entry < end; entry += 24)
            {
                uint symbol = (uint)(Long(image, entry + 8) >> 32);
                long version = table + 2L * symbol;
                if (symbol == 0 || !missing.ContainsKey((ushort)(Half(image, version) & 0x7fff)))
                    continue;
                if (Text(image, strings, Word(image, symbols + 24L * symbol)) != Wait
                    || !index.TryGetValue(FirstVersionOfWait, out ushort older))
                {
                    return [];
                }
                edits[version] = older;
            }
        }
        foreach (long record in missing.Values)
            edits[record + 4] = (ushort)(Half(image, record + 4) | Weak);
        return edits;
    }

    private static (List<(ulong Address, ulong Offset, ulong Size)> Loads, Dictionary<ulong, ulong> Dynamic)
        Segments(byte[] image)
    {
        var loads = new List<(ulong, ulong, ulong)>();
        var entries = new Dictionary<ulong, ulong>();
        for (int i = 0; i < Half(image, 0x38); i++)
        {
            long header = (long)Long(image, 0x20) + i * Half(image, 0x36);
            uint type = Word(image, header);
            if (type == 1)
                loads.Add((Long(image, header + 16), Long(image, header + 8), Long(image, header + 32)));
            if (type != 2)
                continue;
            long start = (long)Long(image, header + 8), end = start + (long)Long(image, header + 32);
            for (long entry = start; entry < end; entry += 16)
                entries.TryAdd(Long(image, entry), Long(image, entry + 8));
        }
        return (loads, entries);
    }

    /// <summary>The versions asked for by name, and where the records of those lie that the system lacks.</summary>
    private static (Dictionary<string, ushort> Index, Dictionary<ushort, long> Missing) Needs(
        byte[] image, long first, long strings, Func<string, bool> systemHas)
    {
        var index = new Dictionary<string, ushort>();
        var missing = new Dictionary<ushort, long>();
        for (long file = first; ; file += Word(image, file + 12))
        {
            long record = file + Word(image, file + 8);
            for (int count = Half(image, file + 2); count > 0; count--, record += Word(image, record + 12))
            {
                string name = Text(image, strings, Word(image, record + 8));
                ushort number = Half(image, record + 6);
                index[name] = number;
                if (!systemHas(name))
                    missing[number] = record;
            }
            if (Word(image, file + 12) == 0)
                return (index, missing);
        }
    }

    private static long FileOffset(List<(ulong Address, ulong Offset, ulong Size)> loads, ulong address)
    {
        foreach (var load in loads)
        {
            if (address - load.Address < load.Size)
                return (long)(address - load.Address + load.Offset);
        }
        throw new BadImageFormatException("An ELF table lies outside of the file.");
    }

    private static string Text(byte[] image, long strings, uint offset)
    {
        var text = image.AsSpan(checked((int)(strings + offset)));
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static ulong Long(byte[] image, long at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(checked((int)at), 8));

    private static uint Word(byte[] image, long at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(checked((int)at), 4));

    private static ushort Half(byte[] image, long at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(checked((int)at), 2));
}
