using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>Whole pipelines as ONNX files.</summary>
public static class OnnxExportCatalog
{
    /// <summary>Writes a fitted pipeline, ML.NET's own steps included, as an ONNX file for any ONNX runtime.</summary>
    /// <remarks>
    /// Each input and output has the batch as its first axis; a single value is [n, 1]. A column keeps its name, but one
    /// that is also an input is called <c>X.output</c>, as ML.NET does. A key is its number (UInt32, 1 the first); what the
    /// numbers mean is in the file's metadata under <c>X.classes</c>, a JSON array. The file is written beside the path and
    /// put in its place when it is whole: an export that fails leaves the old one as it was.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="inputSchema">The schema of the data it is applied to.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Which columns go in and out; null: the last step's come out, and what they need goes in.</param>
    /// <returns>What the file takes and gives.</returns>
    /// <exception cref="ArgumentException">A column is unknown, or of a type that ONNX has not.</exception>
    /// <exception cref="NotSupportedException">An output cannot be written; the message names the step.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static OnnxSignature SaveAsOnnx(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        DataViewSchema inputSchema,
        string path,
        OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Export(catalog, model, inputSchema, options);
        WholeFile.Write(path, file.WriteTo);
        return file.Signature;
    }

    /// <summary>Writes a fitted pipeline, ML.NET's own steps included, as an ONNX file to a stream.</summary>
    /// <inheritdoc cref="SaveAsOnnx(ModelOperationsCatalog, ITransformer, DataViewSchema, string, OnnxExportOptions?)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="inputSchema">The schema of the data it is applied to.</param>
    /// <param name="stream">Where the file goes; nothing is written if the export fails.</param>
    /// <param name="options">Which columns go in and out.</param>
    public static OnnxSignature SaveAsOnnx(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        DataViewSchema inputSchema,
        Stream stream,
        OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = Export(catalog, model, inputSchema, options);
        file.WriteTo(stream);
        return file.Signature;
    }

    private static PipelineOnnxContext Export(
        ModelOperationsCatalog catalog, ITransformer model, DataViewSchema inputSchema, OnnxExportOptions? options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OnnxPipeline.Export(CatalogUtils.GetEnvironment(catalog), model, inputSchema, options ?? new());
    }
}
