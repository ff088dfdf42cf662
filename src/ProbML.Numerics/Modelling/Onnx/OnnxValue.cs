namespace ProbML;

/// <summary>A tensor of an ONNX graph, known by its name; the default value stands for an input left out.</summary>
/// <param name="Name">Its name in the graph.</param>
public readonly record struct OnnxValue(string? Name)
{
    /// <summary>Whether there is such a tensor.</summary>
    public bool Exists => !string.IsNullOrEmpty(Name);
}
