using System.Buffers;
using System.Numerics.Tensors;

namespace ProbML;

/// <summary>A model that is an ONNX graph: what is saved, exported and scored is one and the same.</summary>
/// <remarks>
/// The graph has the input <c>Features</c>, [n, d] of Single or Double, if it reads them <c>Offset</c> and
/// <c>Response</c>, [n, 1], and an output of Single for each column, [n, width], by its name. A row with a feature that is
/// not a number gets NaN in every column, unless the model is told that it can do with missing values. Blocks of rows are
/// scored by ONNX Runtime; see <see cref="OnnxSession"/> for threads. Holds native memory: dispose of it, or of its
/// transformer.
/// </remarks>
[ModelKey("Onnx")]
public sealed class OnnxScoringModel : IScoringModel<OnnxScoringModel>, IOnnxModel, IDisposable
{
    /// <summary>The name of the graph's input of features.</summary>
    public const string FeaturesInput = "Features";

    /// <summary>The name of the graph's input of offsets.</summary>
    public const string OffsetInput = "Offset";

    /// <summary>The name of the graph's input of responses.</summary>
    public const string ResponseInput = "Response";

    private const int FormatVersion = 1;

    private readonly OnnxSession session;
    private readonly int width;
    private readonly bool takesDoubles;
    private readonly OnnxPort? offset;
    private readonly OnnxPort? response;

    /// <summary>Loads a graph as a model.</summary>
    /// <param name="graph">The bytes of the ONNX file.</param>
    /// <param name="outputs">The columns it gives.</param>
    /// <param name="blockSize">How many rows a call should get.</param>
    /// <param name="takesMissing">Whether NaN is an unobserved feature, not one that spoils the row.</param>
    /// <param name="threads">How many threads a call may use; null: the default of <see cref="OnnxSession"/>.</param>
    /// <exception cref="FormatException">The bytes are no ONNX graph.</exception>
    /// <exception cref="ArgumentException">The graph lacks an input or output, or one has another shape.</exception>
    public OnnxScoringModel(
        ReadOnlyMemory<byte> graph,
        IReadOnlyList<OutputColumn> outputs,
        int blockSize = 256,
        bool takesMissing = false,
        int? threads = null)
        : this(() => new OnnxSession(graph, threads), outputs, blockSize, takesMissing)
    {
    }

    private OnnxScoringModel(
        Func<OnnxSession> load, IReadOnlyList<OutputColumn> outputs, int blockSize, bool takesMissing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        (Outputs, BlockSize, TakesMissing) = (outputs, blockSize, takesMissing);
        width = outputs.Sum(column => column.Width);
        session = load();
        try
        {
            var features = Find(session.Inputs, FeaturesInput)
                ?? throw new ArgumentException($"The graph has no input named '{FeaturesInput}'.", nameof(outputs));
            if (features.Width is < 0 or > int.MaxValue)
                throw new ArgumentException($"The graph does not say how many '{FeaturesInput}' a row has.", nameof(outputs));
            FeatureCount = (int)features.Width;
            takesDoubles = features.Element == OnnxElement.Double;
            (offset, response) = (Find(session.Inputs, OffsetInput), Find(session.Inputs, ResponseInput));
            CheckPorts();
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int BlockSize { get; }

    /// <summary>Whether NaN is an unobserved feature, not one that spoils the row.</summary>
    public bool TakesMissing { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The bytes of the ONNX file.</summary>
    public ReadOnlyMemory<byte> Graph => session.Model;

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, d = FeatureCount;
        using var inputs = new RowInputs();
        inputs.Add(FeaturesInput, rows.Features, n * d, 0, takesDoubles);
        if (offset is not null)
            inputs.Add(OffsetInput, rows.Offsets, n, 0);
        if (response is not null)
            inputs.Add(ResponseInput, rows.Response, n, float.NaN);
        float[] results = ArrayPool<float>.Shared.Rent(Math.Max(1, n * width));
        var to = new List<OnnxBinding>();
        for (int k = 0, start = 0; k < Outputs.Count; start += n * Outputs[k++].Width)
            if (outputs.Wants(k))
                to.Add(OnnxBinding.Of(Outputs[k].Name, results.AsMemory(start, n * Outputs[k].Width)));
        if (n > 0 && to.Count > 0)
            session.Run(n, inputs.Bindings, [.. to]);
        for (int k = 0, start = 0, place = 0; k < Outputs.Count; place += Outputs[k].Width, start += n * Outputs[k++].Width)
        {
            int size = Outputs[k].Width;
            for (int i = 0; i < n && outputs.Wants(k); i++)
                results.AsSpan(start + i * size, size).CopyTo(outputs.Row(i)[place..]);
        }
        for (int i = 0; i < n && !TakesMissing; i++)
            if (double.IsNaN(TensorPrimitives.Sum(rows.Features.Slice(i * d, d))) && HasNaN(rows.Row(i)))
                outputs.Row(i)[..width].Fill(float.NaN);
        ArrayPool<float>.Shared.Return(results);
    }

    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var given = new Dictionary<string, OnnxValue>
        {
            [FeaturesInput] = Cast(graph, rows.Features, takesDoubles ? OnnxElement.Double : OnnxElement.Single),
        };
        var spoilt = TakesMissing ? default : Spoilt(graph, rows.Features);
        if (offset is not null)
            given[OffsetInput] = rows.Offset.Exists ? Cast(graph, rows.Offset, OnnxElement.Single) : Constant(graph, rows.Features, 0);
        if (response is not null)
            given[ResponseInput] = rows.Response.Exists ? Cast(graph, rows.Response, OnnxElement.Single) : Constant(graph, rows.Features, float.NaN);
        var results = graph.Include(session.Model, given);
        var values = new OnnxValue[Outputs.Count];
        for (int k = 0; k < values.Length; k++)
        {
            bool isAbsent = !rows.Response.Exists && Outputs[k].Name == ColumnNames.LogDensity;
            if (isAbsent || !wanted.IsEmpty && !wanted[k])
                continue;
            var value = results[Outputs[k].Name];
            values[k] = TakesMissing ? value : graph.Node("Where", [spoilt, graph.Constant([float.NaN], []), value]);
        }
        return values;
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(BlockSize);
        writer.Write(TakesMissing);
        writer.Write(Outputs.Count);
        foreach (var column in Outputs)
        {
            writer.Write(column.Name);
            writer.Write(column.Size);
            writer.Write(column.IsNormalized);
        }
        session.Write(writer);
    }

    /// <inheritdoc/>
    public static OnnxScoringModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "ONNX model");
        int blockSize = reader.ReadInt32();
        bool takesMissing = reader.ReadBoolean();
        int count = reader.ReadInt32();
        if (blockSize < 1 || count is < 1 or > ushort.MaxValue)
            throw new FormatException($"The ONNX model says it gives {count} columns: it is damaged.");
        var outputs = new List<OutputColumn>();
        for (int k = 0; k < count; k++)
            outputs.Add(new(reader.ReadString(), reader.ReadInt32(), reader.ReadBoolean()));
        return new(() => OnnxSession.Read(reader), outputs, blockSize, takesMissing);
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private void CheckPorts()
    {
        foreach (var input in session.Inputs)
            if (input.Name is not (FeaturesInput or OffsetInput or ResponseInput))
                throw new ArgumentException($"The graph has an input '{input.Name}' that nothing is known for.");
        foreach (var column in Outputs)
        {
            var port = Find(session.Outputs, column.Name)
                ?? throw new ArgumentException($"The graph has no output named '{column.Name}'.");
            if (port.Element != OnnxElement.Single || port.Width != column.Width)
                throw new ArgumentException(
                    $"The graph's output '{column.Name}' has {port.Width} numbers of {port.Element} a row; "
                    + $"{column.Width} of {OnnxElement.Single} were expected.");
        }
    }

    private static OnnxPort? Find(IReadOnlyList<OnnxPort> ports, string name) => ports.FirstOrDefault(port => port.Name == name);

    private static bool HasNaN(ReadOnlySpan<double> row)
    {
        foreach (double value in row)
            if (double.IsNaN(value))
                return true;
        return false;
    }

    /// <summary>Whether a row has a feature that is not a number, [n, 1] of Boolean.</summary>
    private static OnnxValue Spoilt(IOnnxGraph graph, OnnxValue features)
    {
        var flags = Cast(graph, graph.Node("IsNaN", [features]), OnnxElement.Single);
        var any = graph.Node("ReduceMax", [flags], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1));
        return Cast(graph, any, OnnxElement.Boolean);
    }

    /// <summary>The same number for each row, [n, 1].</summary>
    private static OnnxValue Constant(IOnnxGraph graph, OnnxValue features, float value)
    {
        var rows = graph.Node("Gather", [graph.Node("Shape", [features]), graph.Constant([0L], [1])]);
        var shape = graph.Node("Concat", [rows, graph.Constant([1L], [1])], OnnxArgument.Of("axis", 0));
        return graph.Node("Expand", [graph.Constant([value], []), shape]);
    }

    private static OnnxValue Cast(IOnnxGraph graph, OnnxValue value, OnnxElement element) =>
        graph.Node("Cast", [value], OnnxArgument.Of("to", (long)element));
}
