namespace ProbML;

/// <summary>An ONNX file being put together: nodes, tensors, inputs and outputs; a body is a graph within a graph.</summary>
/// <remarks>
/// The names of values are unique over a document and the bodies in it. Equal calls in equal order give equal bytes. IR
/// version 7, the newest that goes with operator set 12.
/// </remarks>
internal sealed class OnnxDocument
{
    private const int IrVersion = 7, MlOpset = 2;

    private readonly OnnxDocument root;
    private readonly HashSet<string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> nodeNames = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> domains = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly List<OnnxOperation> nodes = [];
    private readonly List<(string Name, byte[] Info, bool IsOptional)> inputs = [];
    private readonly List<(string Name, byte[] Info)> outputs = [];
    private readonly List<(string Name, byte[] Head, byte[] Data)> tensors = [];

    /// <summary>A document of standard operators.</summary>
    public OnnxDocument(long opset)
    {
        root = this;
        domains[""] = opset;
    }

    private OnnxDocument(OnnxDocument outer) => root = outer.root;

    public bool HasOutputs => outputs.Count > 0;

    /// <summary>The values that its operators read, wherever they come from.</summary>
    public IEnumerable<string> Uses => nodes.SelectMany(node => node.Uses);

    /// <summary>A graph within this one: it sees this one's values, and its constants are kept here.</summary>
    public OnnxDocument Body() => new(this);

    /// <summary>A value's name that is not taken: the one asked for, or with a number after it.</summary>
    public string Name(string wanted) => Unique(root.values, wanted);

    public bool IsTaken(string value) => root.values.Contains(value);

    /// <summary>A node's name that is not taken.</summary>
    public string NodeName(string wanted) => Unique(root.nodeNames, wanted);

    /// <summary>Adds an operator; only those that an output needs are written.</summary>
    public void Node(OnnxOperation node)
    {
        if (node.Domain.Length > 0)
            Needs(node.Domain, MlOpset);
        nodes.Add(node);
    }

    /// <summary>Says that operators of a domain are used; the newest version asked for is written.</summary>
    public void Needs(string domain, long version) =>
        root.domains[domain] = Math.Max(version, root.domains.GetValueOrDefault(domain));

    /// <summary>A constant: its elements as they lie in memory, little-endian.</summary>
    public void Tensor(string name, OnnxElement element, ReadOnlySpan<long> shape, byte[] data) =>
        root.tensors.Add((name, TensorHead(name, element, shape).Head(9, data.Length).ToArray(), data));

    public void Tensor(string name, ReadOnlySpan<long> shape, IEnumerable<string> texts)
    {
        var tensor = TensorHead(name, OnnxElement.String, shape);
        foreach (string text in texts)
            tensor.Text(6, text);
        root.tensors.Add((name, tensor.ToArray(), []));
    }

    /// <summary>Adds a constant that is written already.</summary>
    public void Tensor(string name, byte[] tensor) => root.tensors.Add((name, tensor, []));

    /// <param name="name">Its name.</param>
    /// <param name="element">Its type; null: the graph around says.</param>
    /// <param name="shape">Its shape, −1 for the batch.</param>
    /// <param name="isOptional">Whether it is left out where no output needs it.</param>
    public void Input(string name, OnnxElement? element, ReadOnlySpan<long> shape, bool isOptional = false) =>
        inputs.Add((name, ValueInfo(name, element, shape), isOptional));

    public void Output(string name, OnnxElement? element, ReadOnlySpan<long> shape) =>
        outputs.Add((name, ValueInfo(name, element, shape)));

    /// <summary>A text about the model that travels with it.</summary>
    public void Metadata(string key, string value) => metadata[key] = value;

    /// <summary>The values that the outputs need.</summary>
    public HashSet<string> Live()
    {
        var live = outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in Enumerable.Reverse(nodes))
            if (node.Makes.Any(live.Contains))
                live.UnionWith(node.Uses);
        return live;
    }

    public void WriteTo(Stream stream, string graphName)
    {
        var head = new ProtoWriter().Number(1, IrVersion).Text(2, "ProbML");
        var tail = new ProtoWriter();
        foreach (var (domain, version) in domains)
            tail.Message(8, new ProtoWriter().Text(1, domain).Number(2, version));
        foreach (var (key, value) in metadata)
            tail.Message(14, new ProtoWriter().Text(1, key).Text(2, value));
        var pieces = Graph(graphName, Live()).ToList();
        long length = pieces.Sum(piece => (long)piece.Length);
        if (length > int.MaxValue - head.Length - tail.Length - 16)
            throw new NotSupportedException(
                $"The graph takes {length} bytes; an ONNX file holds at most 2 GiB. Export a smaller model.");
        stream.Write(head.Head(7, length).Bytes);
        foreach (byte[] piece in pieces)
            stream.Write(piece);
        stream.Write(tail.Bytes);
    }

    /// <summary>The graph as an attribute of a node.</summary>
    public byte[] ToAttribute(string name)
    {
        using var graph = new MemoryStream();
        foreach (byte[] piece in Graph(name, Live()))
            graph.Write(piece);
        return new ProtoWriter().Text(1, name).Raw(6, graph.GetBuffer().AsSpan(0, (int)graph.Length)).Number(20, 5).ToArray();
    }

    /// <summary>GraphProto, in pieces, so that large tensors are copied no more than once.</summary>
    private IEnumerable<byte[]> Graph(string name, HashSet<string> live)
    {
        foreach (var node in nodes.Where(node => node.Makes.Any(live.Contains)))
            yield return new ProtoWriter().Raw(1, node.Write()).ToArray();
        yield return new ProtoWriter().Text(2, name).ToArray();
        foreach (var (_, head, data) in tensors.Where(tensor => live.Contains(tensor.Name)))
        {
            yield return new ProtoWriter().Head(5, (long)head.Length + data.Length).ToArray();
            yield return head;
            yield return data;
        }
        foreach (var input in inputs.Where(input => !input.IsOptional || live.Contains(input.Name)))
            yield return new ProtoWriter().Raw(11, input.Info).ToArray();
        foreach (var output in outputs)
            yield return new ProtoWriter().Raw(12, output.Info).ToArray();
    }

    private static ProtoWriter TensorHead(string name, OnnxElement element, ReadOnlySpan<long> shape)
    {
        var tensor = new ProtoWriter();
        foreach (long size in shape)
            tensor.Number(1, size);
        return tensor.Number(2, (int)element).Text(8, name);
    }

    /// <summary>A value of known or unknown type; a size of −1 is the batch's.</summary>
    private static byte[] ValueInfo(string name, OnnxElement? element, ReadOnlySpan<long> shape)
    {
        var info = new ProtoWriter().Text(1, name);
        if (element is null)
            return info.ToArray();
        var sizes = new ProtoWriter();
        foreach (long size in shape)
            sizes.Message(1, size < 0 ? new ProtoWriter().Text(2, "batch") : new ProtoWriter().Number(1, size));
        var tensor = new ProtoWriter().Number(1, (int)element).Message(2, sizes);
        return info.Message(2, new ProtoWriter().Message(1, tensor)).ToArray();
    }

    private static string Unique(HashSet<string> taken, string wanted)
    {
        string name = wanted;
        for (int i = 1; !taken.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }
}
