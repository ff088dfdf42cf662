using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ProbML;

/// <summary>A protobuf message being written: fields by number, in the order they are added.</summary>
/// <remarks>Protocol Buffers encoding: a varint key (number and wire type), then a varint, four bytes, or length and bytes.</remarks>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    public int Length => buffer.WrittenCount;

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    public ProtoWriter Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Single(int field, float value)
    {
        Varint((ulong)field << 3 | 5);
        BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
        return this;
    }

    public ProtoWriter Raw(int field, ReadOnlySpan<byte> value)
    {
        Head(field, value.Length);
        buffer.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter value) => Raw(field, value.Bytes);

    /// <summary>The key and length that go before so many bytes.</summary>
    public ProtoWriter Head(int field, long length)
    {
        Varint((ulong)field << 3 | 2);
        Varint((ulong)length);
        return this;
    }

    /// <summary>A field as it was read.</summary>
    public ProtoWriter Copy(ProtoField field)
    {
        if (field.Wire == 2)
            return Raw(field.Number, field.Bytes);
        Varint((ulong)field.Number << 3 | (uint)field.Wire);
        if (field.Wire == 0)
            Varint(field.Value);
        else
            buffer.Write(field.Bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
            span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        buffer.Advance(count);
    }
}
