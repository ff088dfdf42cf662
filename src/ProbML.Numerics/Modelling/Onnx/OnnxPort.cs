namespace ProbML;

/// <summary>An input or output of an ONNX graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">The type of its elements.</param>
/// <param name="Shape">The sizes of its axes, the first that of the batch; −1: any.</param>
public sealed record OnnxPort(string Name, OnnxElement Element, IReadOnlyList<long> Shape)
{
    /// <summary>The numbers in a row; −1 where the graph does not say.</summary>
    public long Width => Shape.Skip(1).Aggregate(1L, (product, size) => product < 0 || size < 0 ? -1 : product * size);
}
