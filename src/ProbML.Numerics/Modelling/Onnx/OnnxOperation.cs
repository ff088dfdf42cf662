namespace ProbML;

/// <summary>A node of an ONNX graph; attributes may be added until the file is written.</summary>
internal sealed class OnnxOperation
{
    private readonly List<byte[]> attributes = [];
    private readonly byte[]? written;

    public OnnxOperation(
        string op, string name, string domain, IReadOnlyList<string> from, IReadOnlyList<string> makes,
        IEnumerable<string>? captured = null)
    {
        (Op, Name, Domain, From, Makes) = (op, name, domain, from, makes);
        Uses = [.. from, .. captured ?? []];
    }

    /// <summary>A node that is written already.</summary>
    public OnnxOperation(byte[] written, IReadOnlyList<string> uses, IReadOnlyList<string> makes)
        : this("", "", "", [], makes, uses) => this.written = written;

    public string Op { get; }

    public string Name { get; }

    /// <summary>Whose operator it is; empty: the standard's.</summary>
    public string Domain { get; }

    public IReadOnlyList<string> From { get; }

    public IReadOnlyList<string> Makes { get; }

    /// <summary>What it reads, its bodies included.</summary>
    public IReadOnlyList<string> Uses { get; }

    public void Add(string name, object value) => Add(OnnxArgumentFormat.Write(name, value));

    public void Add(byte[] attribute) => attributes.Add(attribute);

    public byte[] Write()
    {
        if (written is not null)
            return written;
        var node = new ProtoWriter();
        foreach (string value in From)
            node.Text(1, value);
        foreach (string value in Makes)
            node.Text(2, value);
        node.Text(3, Name).Text(4, Op);
        foreach (byte[] attribute in attributes)
            node.Raw(5, attribute);
        if (Domain.Length > 0)
            node.Text(7, Domain);
        return node.ToArray();
    }
}
