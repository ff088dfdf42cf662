using System.Buffers.Binary;
using System.Text;

namespace ProbML.Torch.Tests;

/// <summary>A library of nothing but version needs: two versions of libstdc++, each with a symbol.</summary>
internal sealed class SyntheticElf
{
    // Where things lie; virtual addresses are offsets + Base, so that the two cannot be confused.
    private const int Base = 0x10000, Dynamic = 0x100, Strings = 0x200, Symbols = 0x300, Versions = 0x380, Needs = 0x400,
        Relocations = 0x500, Size = 0x600;

    public const int FirstNeed = Needs + 16, SecondNeed = FirstNeed + 16, VersionOfSecondSymbol = Versions + 2 * 2;

    private readonly byte[] image = new byte[Size];
    private readonly List<byte> strings = [0];

    /// <param name="secondSymbol">The name of the symbol that needs the second version.</param>
    /// <param name="isRelocated">Whether a relocation uses it.</param>
    public SyntheticElf(string secondSymbol, bool isRelocated)
    {
        Put(0, 0x464C457Fu);
        (image[4], image[5]) = (2, 1);
        Put(0x20, (ulong)0x40);                              // program headers: offset, size, count
        Put(0x36, (ushort)56);
        Put(0x38, (ushort)2);
        Segment(0, type: 1, offset: 0, size: Size);
        Segment(1, type: 2, offset: Dynamic, size: 9 * 16);
        ulong[] entries =
        [
            5, Base + Strings, 6, Base + Symbols, 7, Base + Relocations, 8, isRelocated ? 48UL : 24,
            0x6ffffff0, Base + Versions, 0x6ffffffe, Base + Needs, 0x6fffffff, 1, 1, Text("libstdc++.so.6"), 0, 0,
        ];
        for (int i = 0; i < entries.Length; i++)
            Put(Dynamic + 8 * i, entries[i]);
        Put(Symbols + 24, Text("first"));
        Put(Symbols + 48, Text(secondSymbol));
        Put(Versions + 2, (ushort)2);
        Put(VersionOfSecondSymbol, (ushort)3);
        Put(Needs, (ushort)1);                               // one file, with two versions
        Put(Needs + 2, (ushort)2);
        Put(Needs + 8, 16u);
        Need(FirstNeed, "GLIBCXX_3.4.11", 2, next: 16);
        Need(SecondNeed, "GLIBCXX_3.4.32", 3, next: 0);
        Put(Relocations + 8, 1UL << 32);
        Put(Relocations + 24 + 8, 2UL << 32);
        strings.CopyTo(image, Strings);
    }

    public byte[] Image => image;

    private void Segment(int index, uint type, int offset, int size)
    {
        int at = 0x40 + 56 * index;
        Put(at, type);
        Put(at + 8, (ulong)offset);
        Put(at + 16, (ulong)(Base + offset));
        Put(at + 32, (ulong)size);
    }

    private void Need(int at, string version, ushort number, uint next)
    {
        Put(at + 6, number);
        Put(at + 8, Text(version));
        Put(at + 12, next);
    }

    private uint Text(string text)
    {
        uint at = (uint)strings.Count;
        strings.AddRange(Encoding.ASCII.GetBytes(text + "\0"));
        return at;
    }

    private void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), value);

    private void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);

    private void Put(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), value);
}
