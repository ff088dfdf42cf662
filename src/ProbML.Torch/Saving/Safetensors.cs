using static TorchSharp.torch;

namespace ProbML;

/// <summary>The weights of modules as safetensors files, which Python's <c>safetensors</c> reads and writes too.</summary>
public static class Safetensors
{
    private static readonly Dictionary<ScalarType, string> Names = new()
    {
        [ScalarType.Float32] = "F32",
        [ScalarType.Float64] = "F64",
        [ScalarType.Float16] = "F16",
        [ScalarType.BFloat16] = "BF16",
        [ScalarType.Int64] = "I64",
        [ScalarType.Int32] = "I32",
        [ScalarType.Int16] = "I16",
        [ScalarType.Int8] = "I8",
        [ScalarType.Byte] = "U8",
        [ScalarType.Bool] = "BOOL",
    };

    /// <summary>Writes parameters and buffers, in the order of their names, and leaves the stream open.</summary>
    /// <remarks>Equal weights give equal bytes.</remarks>
    /// <exception cref="NotSupportedException">A tensor's type is not of the format.</exception>
    public static void Save(nn.Module module, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(stream);
        var file = new SafetensorsFile();
        foreach (var (name, value) in NamedTensors.StateOf(module))
            file.Add(name, value);
        file.Write(stream);
    }

    /// <summary>Reads parameters and buffers in place; nothing is changed where names, shapes or types do not all match.</summary>
    /// <exception cref="FormatException">The bytes are no safetensors file, or one of another module.</exception>
    public static void Load(nn.Module module, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(stream);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var file = SafetensorsFile.Read(memory.GetBuffer().AsMemory(0, (int)memory.Length));
        var state = NamedTensors.StateOf(module);
        file.Match(state);
        foreach (var (name, value) in state)
            file.CopyTo(name, value);
    }

    /// <summary>Adds a copy of a tensor.</summary>
    internal static void Add(this SafetensorsFile file, string name, Tensor value)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        if (!Names.TryGetValue(value.dtype, out string? type))
            throw new NotSupportedException($"'{name}' is {value.dtype}, which safetensors has no name for.");
        file.Tensors.Add(name, new(type, value.shape, value.detach().cpu().contiguous().bytes.ToArray()));
    }

    /// <summary>Checks that the file has these tensors and no others.</summary>
    internal static void Match(this SafetensorsFile file, IEnumerable<(string Name, Tensor Value)> wanted)
    {
        var left = new HashSet<string>(file.Tensors.Keys);
        foreach (var (name, value) in wanted)
        {
            if (!file.Tensors.TryGetValue(name, out var saved))
                throw new FormatException($"The file has no tensor '{name}'.");
            if (!saved.Shape.AsSpan().SequenceEqual(value.shape) || saved.Type != Names[value.dtype])
                throw new FormatException(
                    $"The tensor '{name}' is {saved.Type} [{string.Join(", ", saved.Shape)}] in the file, but "
                    + $"{Names[value.dtype]} [{string.Join(", ", value.shape)}] in the module.");
            left.Remove(name);
        }
        if (left.Count > 0)
            throw new FormatException($"The file has a tensor '{left.Order().First()}' that the module has not.");
    }

    /// <summary>Copies a tensor of the file into another, in place.</summary>
    internal static void CopyTo(this SafetensorsFile file, string name, Tensor value)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var read = empty(value.shape, value.dtype, CPU);
        file.Tensors[name].Data.Span.CopyTo(read.bytes);
        value.copy_(read);
    }
}
