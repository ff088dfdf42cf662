using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

/// <summary>Where the steps of a pipeline write themselves: which value each column is, and the file they go to.</summary>
internal sealed class PipelineOnnxContext : OnnxContext
{
    private const string Standard = "", Ml = "ai.onnx.ml";

    private readonly OnnxDocument document;
    private readonly int opset;
    private readonly Dictionary<string, string> columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataViewType> types = new(StringComparer.Ordinal);
    private readonly List<(OnnxPort Port, bool IsOptional)> inputs = [];
    private readonly List<OnnxPort> outputs = [];

    public PipelineOnnxContext(int opset)
    {
        this.opset = opset;
        document = new OnnxDocument(opset);
        Graph = new OnnxGraph(document, opset);
    }

    /// <summary>The same file, as our own models write to it.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Why a column could not be written, by its name.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>What the file takes and gives.</summary>
    public OnnxSignature Signature
    {
        get
        {
            var live = document.Live();
            return new([.. inputs.Where(input => !input.IsOptional || live.Contains(input.Port.Name)).Select(i => i.Port)], [.. outputs]);
        }
    }

    public void WriteTo(Stream stream) => document.WriteTo(stream, "probml");

    public override string GetNodeName(string prefix) => document.NodeName(prefix);

    public override bool IsVariableDefined(string variableName) => document.IsTaken(variableName);

    public override bool ContainsColumn(string colName) => columns.ContainsKey(colName);

    public override OnnxVersion GetOnnxVersion() => OnnxVersion.Stable;

    public override string GetVariableName(string colName) => columns[colName];

    public override void CheckOpSetVersion(int thisTransformerMinumumOpSetVersion, string registerTransformerName)
    {
        if (opset < thisTransformerMinumumOpSetVersion)
            throw new NotSupportedException(
                $"{registerTransformerName} needs operator set {thisTransformerMinumumOpSetVersion}; {opset} was asked for.");
    }

    public override void RemoveColumn(string colName, bool removeVariable = false)
    {
        if (columns.Remove(colName, out string? value) && removeVariable)
            types.Remove(value);
    }

    public override void RemoveVariable(string variableName, bool removeColumn)
    {
        if (removeColumn)
            foreach (string column in columns.Where(pair => pair.Value == variableName).Select(pair => pair.Key).ToList())
                columns.Remove(column);
        types.Remove(variableName);
    }

    public override void RemoveInputVariable(string colName) => RemoveVariable(columns[colName], removeColumn: true);

    /// <summary>A column that is given; left out of the file where nothing needs it.</summary>
    public void Input(string column, DataViewType type, bool isOptional)
    {
        string name = document.Name(column);
        columns[column] = name;
        types[name] = type;
        var port = PipelineOnnxTypes.Port(name, type);
        inputs.Add((port, isOptional));
        document.Input(name, port.Element, [.. port.Shape], isOptional);
    }

    /// <summary>Makes a column an output of the file.</summary>
    public void Output(string column, string name, DataViewType type)
    {
        document.Node(new OnnxOperation("Identity", GetNodeName("Identity"), Standard, [columns[column]], [name]));
        var port = PipelineOnnxTypes.Port(name, type);
        outputs.Add(port);
        document.Output(name, port.Element, [.. port.Shape]);
    }

    /// <summary>A name for an output that nothing else may take.</summary>
    public string OutputName(string column, bool isInput) => document.Name(isInput ? $"{column}.output" : column);

    /// <summary>Writes what has columns of its own, such as a model inside a step; those of the pipeline are then as they were.</summary>
    public T Inside<T>(Func<T> write)
    {
        var (held, reasons) = (new Dictionary<string, string>(columns), new Dictionary<string, string>(Refusals));
        try
        {
            return write();
        }
        finally
        {
            Restore(columns, held);
            Restore(Refusals, reasons);
        }

        static void Restore(Dictionary<string, string> to, Dictionary<string, string> from)
        {
            to.Clear();
            foreach (var (key, value) in from)
                to[key] = value;
        }
    }

    /// <summary>Says what value a column is.</summary>
    public void Bind(string column, OnnxValue value, DataViewType type)
    {
        columns[column] = value.Name!;
        types[value.Name!] = type;
    }

    public OnnxValue Value(string column) => new(columns[column]);

    public override string AddIntermediateVariable(DataViewType? type, string colName, bool skip = false)
    {
        string name = document.Name(colName);
        columns[colName] = name;
        if (type is not null)
            types[name] = type;
        return name;
    }

    public override OnnxNode CreateNode(
        string opType, IEnumerable<string> inputs, IEnumerable<string> outputs, string name, string? domain = null)
    {
        var node = new OnnxOperation(opType, name, domain ?? Ml, [.. inputs], [.. outputs]);
        document.Node(node);
        return new PipelineOnnxNode(node);
    }

    public override List<long>? RetrieveShapeOrNull(string variableName) =>
        types.TryGetValue(variableName, out var type) ? [.. PipelineOnnxTypes.Shape(type)] : null;

    public override string AddInitializer(bool value, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "bool", makeUniqueName, OnnxElement.Boolean, [], [value]);

    public override string AddInitializer(float value, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "float", makeUniqueName, OnnxElement.Single, [], [value]);

    public override string AddInitializer(int value, Type type, string? name = null, bool makeUniqueName = true) =>
        Integers(name ?? "integer", makeUniqueName, type, [], [value]);

    public override string AddInitializer(string value, string? name = null, bool makeUniqueName = true) =>
        Texts(name ?? "string", makeUniqueName, [], [value]);

    public override string AddInitializer(long value, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "int64", makeUniqueName, OnnxElement.Int64, [], [value]);

    public override string AddInitializer(double value, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "double", makeUniqueName, OnnxElement.Double, [], [value]);

    public override string AddInitializer(ulong value, bool isUint64, string? name = null, bool makeUniqueName = true) =>
        Unsigned(name ?? "unsigned", makeUniqueName, isUint64, [], [value]);

    public override string AddInitializer(
        IEnumerable<bool> values, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "bools", makeUniqueName, OnnxElement.Boolean, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<float> values, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "floats", makeUniqueName, OnnxElement.Single, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<int> values, Type type, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Integers(name ?? "integers", makeUniqueName, type, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<string> values, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Texts(name ?? "strings", makeUniqueName, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<long> values, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "int64s", makeUniqueName, OnnxElement.Int64, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<double> values, IEnumerable<long>? dims, string? name = null, bool makeUniqueName = true) =>
        Tensor(name ?? "doubles", makeUniqueName, OnnxElement.Double, dims, [.. values]);

    public override string AddInitializer(
        IEnumerable<ulong> values, bool isUint64, IEnumerable<long>? dims, string? name = null,
        bool makeUniqueName = true) =>
        Unsigned(name ?? "unsigned", makeUniqueName, isUint64, dims, [.. values]);

    private string Integers(string name, bool unique, Type type, IEnumerable<long>? dims, int[] values) =>
        PipelineOnnxTypes.Element(type) switch
        {
            OnnxElement.Int32 => Tensor(name, unique, OnnxElement.Int32, dims, values),
            OnnxElement.Int16 => Tensor(name, unique, OnnxElement.Int16, dims, [.. values.Select(v => (short)v)]),
            OnnxElement.UInt16 => Tensor(name, unique, OnnxElement.UInt16, dims, [.. values.Select(v => (ushort)v)]),
            OnnxElement.SByte => Tensor(name, unique, OnnxElement.SByte, dims, [.. values.Select(v => (sbyte)v)]),
            OnnxElement.Byte => Tensor(name, unique, OnnxElement.Byte, dims, [.. values.Select(v => (byte)v)]),
            var other => throw new NotSupportedException($"A constant of {other} cannot be given as int."),
        };

    private string Unsigned(string name, bool unique, bool isUint64, IEnumerable<long>? dims, ulong[] values) => isUint64
        ? Tensor(name, unique, OnnxElement.UInt64, dims, values)
        : Tensor(name, unique, OnnxElement.UInt32, dims, [.. values.Select(value => (uint)value)]);

    private string Tensor<T>(string name, bool unique, OnnxElement element, IEnumerable<long>? dims, T[] values)
        where T : unmanaged
    {
        name = Initializer(name, unique);
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        document.Tensor(name, element, [.. dims ?? [values.LongLength]], bytes);
        return name;
    }

    private string Texts(string name, bool unique, IEnumerable<long>? dims, string[] values)
    {
        name = Initializer(name, unique);
        document.Tensor(name, [.. dims ?? [values.LongLength]], values);
        return name;
    }

    private string Initializer(string name, bool unique)
    {
        string free = document.Name(name);
        if (!unique && free != name)
            throw new InvalidOperationException($"The graph has a value named '{name}' already.");
        columns[name] = free;
        return free;
    }
}
