using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProbML;

/// <summary>A tensor as bytes: what a file holds, without libtorch.</summary>
/// <param name="Type">Its element type as safetensors names it, such as F32.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Data">Its elements, row-major, little-endian.</param>
internal readonly record struct SavedTensor(string Type, long[] Shape, ReadOnlyMemory<byte> Data);

/// <summary>The safetensors format: the length of a JSON header (8 bytes), the header, the data.</summary>
/// <remarks>https://huggingface.co/docs/safetensors. Tensors lie in the order of their names, so equal contents are equal files.</remarks>
internal sealed class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const long LongestHeader = 100_000_000;

    /// <summary>The tensors by name.</summary>
    public SortedDictionary<string, SavedTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Texts that travel with them.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes the file and leaves the stream open.</summary>
    public void Write(Stream stream)
    {
        var header = new JsonObject();
        if (Metadata.Count > 0)
            header[MetadataKey] = new JsonObject(Metadata.Select(one =>
                KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value))));
        long start = 0;
        foreach (var (name, tensor) in Tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode?)JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(start, start + tensor.Data.Length),
            };
            start += tensor.Data.Length;
        }
        byte[] text = Encoding.UTF8.GetBytes(header.ToJsonString());
        int padded = (text.Length + 7) / 8 * 8;              // the data begin aligned
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(text);
        for (int i = text.Length; i < padded; i++)
            stream.WriteByte((byte)' ');
        foreach (var tensor in Tensors.Values)
            stream.Write(tensor.Data.Span);
    }

    /// <summary>Reads a file, to the end of the bytes.</summary>
    /// <exception cref="FormatException">The bytes are no safetensors file; the message says what is wrong.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 8)
            throw new FormatException($"A safetensors file has at least 8 bytes, but there are {bytes.Length}.");
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);
        if (length < 2 || length > LongestHeader || length > bytes.Length - 8)
            throw new FormatException(
                $"The safetensors header is said to have {length} bytes, but {bytes.Length - 8} follow: the file is damaged "
                + "or cut short.");
        var file = new SafetensorsFile();
        var data = bytes[(8 + (int)length)..];
        try
        {
            using var header = JsonDocument.Parse(bytes.Slice(8, (int)length));
            long used = 0;
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == MetadataKey)
                {
                    foreach (var text in entry.Value.EnumerateObject())
                        file.Metadata[text.Name] = text.Value.GetString()!;
                    continue;
                }
                var tensor = Tensor(entry, data);
                used += tensor.Data.Length;
                if (!file.Tensors.TryAdd(entry.Name, tensor))
                    throw new FormatException($"The safetensors header names '{entry.Name}' twice.");
            }
            if (used != data.Length)
                throw new FormatException(
                    $"The tensors of the safetensors file take {used} bytes, but {data.Length} follow its header.");
            return file;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("The safetensors header is damaged: " + e.Message, e);
        }
    }

    private static SavedTensor Tensor(JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        string type = entry.Value.GetProperty("dtype").GetString()!;
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var offsets = entry.Value.GetProperty("data_offsets");
        long start = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (start < 0 || end < start || end > data.Length)
            throw new FormatException(
                $"The tensor '{entry.Name}' is said to lie at bytes {start} to {end} of {data.Length}.");
        long elements = 1;
        foreach (long size in shape)
            elements = size < 0 ? throw new FormatException($"The tensor '{entry.Name}' has a negative size.") : checked(elements * size);
        if (elements * SizeOf(type) != end - start)
            throw new FormatException(
                $"The tensor '{entry.Name}' of {elements} elements of {type} cannot take {end - start} bytes.");
        return new(type, shape, data[(int)start..(int)end]);
    }

    private static long SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => throw new FormatException($"The safetensors type '{type}' is not known."),
    };
}
