using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ProbML.Laws;

/// <summary>An exported file run by ONNX Runtime on the rows of a data view.</summary>
public sealed class OnnxFile : IDisposable
{
    private readonly InferenceSession session;

    public OnnxFile(byte[] bytes) => session = new InferenceSession(bytes);

    public IReadOnlyList<string> Inputs => session.InputNames;

    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>What was kept beside the graph, by its key.</summary>
    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    public static OnnxFile Export(MLContext context, ITransformer model, DataViewSchema input, OnnxExportOptions? options = null) =>
        new(Bytes(context, model, input, options));

    public static byte[] Bytes(MLContext context, ITransformer model, DataViewSchema input, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        context.Model.SaveAsOnnx(model, input, stream, options);
        return stream.ToArray();
    }

    /// <summary>One array a row for each output, whatever its type as Single.</summary>
    public IReadOnlyDictionary<string, List<float[]>> Score(IDataView data)
    {
        var given = session.InputNames.Select(name => Read(data, data.Schema[name])).ToList();
        using var results = session.Run(given);
        return results.ToDictionary(result => result.Name, Rows);
    }

    public void Dispose() => session.Dispose();

    private static NamedOnnxValue Read(IDataView data, DataViewSchema.Column column)
    {
        var type = (column.Type as VectorDataViewType)?.ItemType.RawType ?? column.Type.RawType;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Single => Tensor<float>(data, column),
            TypeCode.Double => Tensor<double>(data, column),
            TypeCode.Boolean => Tensor<bool>(data, column),
            TypeCode.Byte => Tensor<byte>(data, column),
            TypeCode.Int32 => Tensor<int>(data, column),
            TypeCode.Int64 => Tensor<long>(data, column),
            TypeCode.UInt32 => Tensor<uint>(data, column),
            _ => Texts(data, column),
        };
    }

    private static NamedOnnxValue Tensor<T>(IDataView data, DataViewSchema.Column column)
    {
        int width = (column.Type as VectorDataViewType)?.Size ?? 1;
        T[] values = column.Type is VectorDataViewType
            ? [.. data.GetColumn<VBuffer<T>>(column).SelectMany(row => row.DenseValues())]
            : [.. data.GetColumn<T>(column)];
        return NamedOnnxValue.CreateFromTensor(
            column.Name, new DenseTensor<T>(values, [values.Length / width, width]));
    }

    private static NamedOnnxValue Texts(IDataView data, DataViewSchema.Column column)
    {
        string[] values = [.. data.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString())];
        return NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<string>(values, [values.Length, 1]));
    }

    private static List<float[]> Rows(DisposableNamedOnnxValue value) => value.ElementType switch
    {
        TensorElementType.Float => Rows(value.AsTensor<float>(), number => number),
        TensorElementType.Double => Rows(value.AsTensor<double>(), number => (float)number),
        TensorElementType.Bool => Rows(value.AsTensor<bool>(), flag => flag ? 1 : 0),
        TensorElementType.UInt32 => Rows(value.AsTensor<uint>(), key => key),
        TensorElementType.Int64 => Rows(value.AsTensor<long>(), key => key),
        _ => throw new NotSupportedException($"{value.Name}: {value.ElementType}"),
    };

    private static List<float[]> Rows<T>(Tensor<T> tensor, Func<T, float> convert)
    {
        float[] all = [.. tensor.Select(convert)];
        return [.. all.Chunk(all.Length / tensor.Dimensions[0])];
    }
}
