using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>Where operators go: the graph, or the body of a loop in it.</summary>
internal sealed class GraphScope(IOnnxGraph graph)
{
    private readonly Dictionary<Tensor, OnnxValue> lifted = new(ReferenceEqualityComparer.Instance);

    /// <summary>The graph that operators are added to now.</summary>
    public IOnnxGraph Graph { get; private set; } = graph;

    /// <summary>A constant with a tensor's numbers, once for each tensor.</summary>
    public OnnxValue Lift(Tensor values)
    {
        if (!lifted.TryGetValue(values, out var constant))
            lifted[values] = constant = Graph.Constant(values, "values");
        return constant;
    }

    /// <summary>Adds to a body for the time of a call.</summary>
    public T Within<T>(IOnnxGraph body, Func<T> add)
    {
        var before = Graph;
        Graph = body;
        try
        {
            return add();
        }
        finally
        {
            Graph = before;
        }
    }
}
