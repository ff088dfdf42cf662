using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>A fitted pipeline as an ONNX file, as far as it has one.</summary>
internal static class OnnxFile
{
    /// <summary>Writes it.</summary>
    /// <exception cref="BadFileException">It has none; the message says why.</exception>
    public static byte[] Write(ModelResult model)
    {
        using var stream = new MemoryStream();
        string[] outputs =
        [
            .. Outputs.Names.Where(name => model.Model.GetOutputSchema(model.InputSchema).GetColumnOrNull(name) is { } column
                && column.Type is not Microsoft.ML.Data.TextDataViewType),
        ];
        try
        {
            model.Context.Model.SaveAsOnnx(model.Model, model.InputSchema, stream, new() { Outputs = outputs });
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new BadFileException($"This model has no ONNX file: {e.Message}", e);
        }
        return stream.ToArray();
    }
}
