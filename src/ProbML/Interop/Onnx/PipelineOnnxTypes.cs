using Microsoft.ML.Data;

namespace ProbML;

/// <summary>ML.NET's types as those of ONNX tensors: rows are the first axis, a single value is a vector of one.</summary>
internal static class PipelineOnnxTypes
{
    private static readonly Dictionary<Type, OnnxElement> Elements = new()
    {
        [typeof(float)] = OnnxElement.Single,
        [typeof(byte)] = OnnxElement.Byte,
        [typeof(sbyte)] = OnnxElement.SByte,
        [typeof(ushort)] = OnnxElement.UInt16,
        [typeof(short)] = OnnxElement.Int16,
        [typeof(int)] = OnnxElement.Int32,
        [typeof(long)] = OnnxElement.Int64,
        [typeof(string)] = OnnxElement.String,
        [typeof(ReadOnlyMemory<char>)] = OnnxElement.String,
        [typeof(bool)] = OnnxElement.Boolean,
        [typeof(double)] = OnnxElement.Double,
        [typeof(uint)] = OnnxElement.UInt32,
        [typeof(ulong)] = OnnxElement.UInt64,
    };

    /// <summary>Whether values of a type can enter or leave a graph.</summary>
    public static bool Has(DataViewType type) =>
        Elements.ContainsKey(ItemType(type)) && type is not VectorDataViewType { IsKnownSize: false };

    /// <summary>A column as an input or output.</summary>
    public static OnnxPort Port(string name, DataViewType type) => new(name, Element(type), Shape(type));

    public static OnnxElement Element(DataViewType type) => Element(ItemType(type));

    /// <exception cref="NotSupportedException">ONNX has no such type.</exception>
    public static OnnxElement Element(Type type) => Elements.TryGetValue(type, out var element)
        ? element
        : throw new NotSupportedException($"ONNX has no tensors of {type}.");

    public static long[] Shape(DataViewType type) =>
        type is VectorDataViewType vector ? [-1, .. vector.Dimensions.Select(size => (long)size)] : [-1, 1];

    private static Type ItemType(DataViewType type) => (type as VectorDataViewType)?.ItemType.RawType ?? type.RawType;
}
