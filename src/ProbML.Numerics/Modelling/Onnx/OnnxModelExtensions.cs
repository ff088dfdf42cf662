namespace ProbML;

/// <summary>A model's own ONNX file, without a pipeline around it.</summary>
public static class OnnxModelExtensions
{
    /// <summary>Writes a model as an ONNX file: features in, the model's columns out, each by its name.</summary>
    /// <remarks>
    /// The inputs are <c>Features</c>, [n, d], and where asked for <c>Offset</c> and <c>Response</c>, [n, 1], all of Single; the
    /// outputs are Single, [n, width].
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="withOffset">Whether the file reads offsets.</param>
    /// <param name="withResponse">Whether the file reads responses, for columns about them such as LogDensity.</param>
    /// <param name="wanted">One flag a column; empty: every column that the inputs allow.</param>
    /// <param name="opset">The version of the operator set, at most 12.</param>
    /// <exception cref="NotSupportedException">A wanted column cannot be written as ONNX.</exception>
    public static byte[] ToOnnx<TModel>(
        this TModel model,
        bool withOffset = false,
        bool withResponse = false,
        ReadOnlySpan<bool> wanted = default,
        int opset = 12)
        where TModel : class, IScoringModel<TModel>, IOnnxModel
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = new OnnxGraph(opset);
        var rows = new OnnxRows(
            graph.Input("Features", OnnxElement.Single, model.FeatureCount),
            withOffset ? graph.Input("Offset", OnnxElement.Single, 1) : default,
            withResponse ? graph.Input("Response", OnnxElement.Single, 1) : default);
        var names = model.Outputs.Select(column => column.Name).ToArray();
        graph.Reserve(names);
        var values = model.Emit(graph, rows, wanted);
        for (int k = 0; k < values.Length; k++)
            if (values[k].Exists)
                graph.Output(names[k], values[k], model.Outputs[k].Width);
        return graph.ToBytes();
    }
}
