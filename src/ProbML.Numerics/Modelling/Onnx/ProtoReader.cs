using System.Text;

namespace ProbML;

/// <summary>One field of a protobuf message.</summary>
internal readonly ref struct ProtoField
{
    public required int Number { get; init; }

    /// <summary>0: a varint, 1: eight bytes, 2: length and bytes, 5: four bytes.</summary>
    public required int Wire { get; init; }

    public ulong Value { get; init; }

    public ReadOnlySpan<byte> Bytes { get; init; }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public ProtoReader Message => new(Bytes);
}

/// <summary>Walks the fields of a protobuf message.</summary>
/// <exception cref="FormatException">The bytes are no such message.</exception>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public ProtoField Current { get; private set; }

    public readonly ProtoReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.IsEmpty)
            return false;
        ulong key = Varint();
        int number = (int)Math.Min(key >> 3, int.MaxValue), wire = (int)(key & 7);
        if (number == 0)
            throw Damaged();
        Current = wire switch
        {
            0 => new ProtoField { Number = number, Wire = wire, Value = Varint() },
            1 => new ProtoField { Number = number, Wire = wire, Bytes = Take(8) },
            2 => new ProtoField { Number = number, Wire = wire, Bytes = Take(Varint()) },
            5 => new ProtoField { Number = number, Wire = wire, Bytes = Take(4) },
            _ => throw Damaged(),
        };
        return true;
    }

    /// <summary>The numbers of a repeated integer field, packed or one at a time.</summary>
    public static void Add(ProtoField field, List<long> to)
    {
        if (field.Wire == 0)
        {
            to.Add((long)field.Value);
            return;
        }
        var packed = new ProtoReader(field.Bytes);
        while (!packed.rest.IsEmpty)
            to.Add((long)packed.Varint());
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length)
            throw Damaged();
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << 7 * i;
            if (rest[i] >= 0x80)
                continue;
            rest = rest[(i + 1)..];
            return value;
        }
        throw Damaged();
    }

    private static FormatException Damaged() =>
        new("The bytes are no ONNX graph: they have been cut short or damaged. Export or save the model again.");
}
