namespace ProbML;

/// <summary>Copies the nodes and constants of a finished ONNX file into a document, under names not taken there.</summary>
internal sealed class OnnxInclusion(OnnxDocument document, int opset, IReadOnlyDictionary<string, OnnxValue> inputs)
{
    private readonly Dictionary<string, string> names = inputs
        .Where(pair => pair.Value.Exists).ToDictionary(pair => pair.Key, pair => pair.Value.Name!, StringComparer.Ordinal);

    /// <exception cref="FormatException">The bytes are no ONNX file.</exception>
    /// <exception cref="NotSupportedException">It needs operators of a later version than the document's.</exception>
    public Dictionary<string, OnnxValue> Add(ReadOnlySpan<byte> model)
    {
        var outputs = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        foreach (var field in new ProtoReader(model))
            if (field.Number == 8)
                Use(field.Message);
        foreach (var field in new ProtoReader(model))
            if (field.Number == 7)
                foreach (string output in Graph(field.Message))
                    outputs[output] = new(Map(output));
        return outputs;
    }

    private void Use(ProtoReader import)
    {
        string domain = "";
        long version = 1;
        foreach (var field in import)
            (domain, version) = field.Number == 1 ? (field.Text, version) : (domain, (long)field.Value);
        if (domain.Length == 0 && version > opset)
            throw new NotSupportedException(
                $"The model's own graph has operators of version {version}; version {opset} was asked for.");
        if (domain.Length > 0)
            document.Needs(domain, version);
    }

    /// <summary>Adds a graph; the names of its outputs as they were.</summary>
    private List<string> Graph(ProtoReader graph)
    {
        var outputs = new List<string>();
        foreach (var field in graph)
        {
            if (field.Number == 11 && !names.ContainsKey(NameOf(field.Message)))
                throw new ArgumentException($"Nothing was given for the input '{NameOf(field.Message)}'.", nameof(graph));
        }
        foreach (var field in graph)
        {
            if (field.Number == 12)
                outputs.Add(NameOf(field.Message));
            else if (field.Number == 5)
                document.Tensor(Map(TensorName(field.Message)), Renamed(field.Message, nameField: 8, []));
            else if (field.Number == 1)
                document.Node(Node(field.Message));
        }
        return outputs;
    }

    private OnnxOperation Node(ProtoReader node)
    {
        var uses = new HashSet<string>(StringComparer.Ordinal);
        var makes = new List<string>();
        byte[] written = Node(node, uses, makes);
        return new(written, [.. uses], makes);
    }

    private byte[] Node(ProtoReader node, HashSet<string> uses, List<string> makes)
    {
        var copy = new ProtoWriter();
        foreach (var field in node)
        {
            switch (field.Number)
            {
                case 1: copy.Text(1, Use(Map(field.Text), uses)); break;
                case 2:
                    makes.Add(Map(field.Text));
                    copy.Text(2, makes[^1]);
                    break;
                case 3: copy.Text(3, document.NodeName(field.Text)); break;
                case 5: copy.Raw(5, Attribute(field.Message, uses)); break;
                default: copy.Copy(field); break;
            }
        }
        return copy.ToArray();
    }

    /// <summary>An attribute; the graphs of loops and branches have their values renamed too.</summary>
    private byte[] Attribute(ProtoReader attribute, HashSet<string> uses)
    {
        var copy = new ProtoWriter();
        foreach (var field in attribute)
        {
            if (field.Number is 6 or 11)
                copy.Raw(field.Number, Body(field.Message, uses));
            else
                copy.Copy(field);
        }
        return copy.ToArray();
    }

    private byte[] Body(ProtoReader body, HashSet<string> uses)
    {
        var copy = new ProtoWriter();
        foreach (var field in body)
        {
            switch (field.Number)
            {
                case 1: copy.Raw(1, Node(field.Message, uses, [])); break;
                case 5: copy.Raw(5, Renamed(field.Message, nameField: 8, uses)); break;
                case 11 or 12 or 13: copy.Raw(field.Number, Renamed(field.Message, nameField: 1, uses)); break;
                default: copy.Copy(field); break;
            }
        }
        return copy.ToArray();
    }

    private byte[] Renamed(ProtoReader message, int nameField, HashSet<string> uses)
    {
        var copy = new ProtoWriter();
        foreach (var field in message)
        {
            if (field.Number == nameField)
                copy.Text(nameField, Use(Map(field.Text), uses));
            else
                copy.Copy(field);
        }
        return copy.ToArray();
    }

    private static string Use(string name, HashSet<string> uses)
    {
        uses.Add(name);
        return name;
    }

    private static string TensorName(ProtoReader tensor) => Field(tensor, 8);

    private static string NameOf(ProtoReader value) => Field(value, 1);

    private static string Field(ProtoReader message, int number)
    {
        foreach (var field in message)
            if (field.Number == number)
                return field.Text;
        return "";
    }

    /// <summary>The name a value has in the document; an input left out stays so.</summary>
    private string Map(string name)
    {
        if (name.Length == 0)
            return name;
        if (!names.TryGetValue(name, out string? mapped))
            names[name] = mapped = document.Name($"part_{name}");
        return mapped;
    }
}
