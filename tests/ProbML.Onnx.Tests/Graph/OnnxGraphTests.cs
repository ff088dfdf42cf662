namespace ProbML.Onnx.Tests;

public sealed class OnnxGraphTests
{
    [Fact]
    public void A_graph_runs_and_the_checker_passes_it()
    {
        byte[] model = Affine().ToBytes();
        using var session = new OnnxSession(model);
        float[] x = [1, 2, 3, 4], y = new float[2];
        session.Run(2, [OnnxBinding.Of("x", x)], [OnnxBinding.Of("y", y)]);
        Assert.Equal([8.5f, 16.5f], y);
        Assert.Equal(2, session.Inputs[0].Width);
        Assert.Equal(OnnxElement.Single, session.Outputs[0].Element);
        OnnxChecker.Check(model);
    }

    [Fact]
    public void Equal_calls_give_equal_bytes() => Assert.Equal(Affine().ToBytes(), Affine().ToBytes());

    [Fact]
    public void A_stream_gets_the_same_bytes()
    {
        using var stream = new MemoryStream();
        Affine().WriteTo(stream);
        Assert.Equal(Affine().ToBytes(), stream.ToArray());
    }

    [Fact]
    public void Every_kind_of_constant_and_argument_arrives()
    {
        var graph = new OnnxGraph();
        var x = graph.Input("x", OnnxElement.Double, 2);
        var shifted = graph.Node("Add", [x, graph.Constant([0.1, 0.2], [2])]);
        var sum = graph.Node(
            "ReduceSum", [shifted], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1));
        var single = graph.Node("Cast", [sum], OnnxArgument.Of("to", (long)OnnxElement.Single));
        var leaky = graph.Node("LeakyRelu", [single], OnnxArgument.Of("alpha", 0.5f));
        var parts = graph.Nodes("Split", [graph.Node("Concat", [single, leaky], OnnxArgument.Of("axis", 1))], 2,
            OnnxArgument.Of("axis", 1), OnnxArgument.Of("split", [1L, 1]));
        graph.Output("same", parts[0], 1);
        graph.Output("leaky", parts[1], 1);
        graph.Metadata("purpose", "test");
        byte[] model = graph.ToBytes();
        using var session = new OnnxSession(model);
        double[] given = [-1, 0.5];
        float[] same = new float[1], half = new float[1];
        session.Run(1, [OnnxBinding.Of("x", given)], [OnnxBinding.Of("same", same), OnnxBinding.Of("leaky", half)]);
        Assert.Equal(-0.2f, same[0], 1e-7f);
        Assert.Equal(-0.1f, half[0], 1e-7f);
        OnnxChecker.Check(model);
    }

    [Fact]
    public void A_loop_runs_until_its_body_has_enough()
    {
        byte[] model = Halving(100).ToBytes();
        using var session = new OnnxSession(model);
        float[] x = [8, 3], y = new float[2], count = new float[2];
        session.Run(2, [OnnxBinding.Of("x", x)], [OnnxBinding.Of("y", y), OnnxBinding.Of("count", count)]);
        Assert.Equal([0.5f, 0.1875f], y);
        Assert.Equal([4f, 4f], count);
        OnnxChecker.Check(model);
    }

    [Fact]
    public void A_loop_stops_at_its_limit()
    {
        using var session = new OnnxSession(Halving(2).ToBytes());
        float[] x = [8], y = new float[1], count = new float[1];
        session.Run(1, [OnnxBinding.Of("x", x)], [OnnxBinding.Of("y", y), OnnxBinding.Of("count", count)]);
        Assert.Equal((2f, 2f), (y[0], count[0]));
    }

    [Fact]
    public void A_finished_file_becomes_part_of_another_twice()
    {
        var graph = new OnnxGraph();
        var x = graph.Input("x", OnnxElement.Single, 1);
        byte[] part = Halving(100).ToBytes();
        var once = graph.Include(part, new Dictionary<string, OnnxValue> { ["x"] = x });
        var doubled = graph.Node("Mul", [once["y"], graph.Constant([16f], [])]);
        var twice = graph.Include(part, new Dictionary<string, OnnxValue> { ["x"] = doubled });
        graph.Output("y", twice["y"], 1);
        byte[] model = graph.ToBytes();
        using var session = new OnnxSession(model);
        float[] given = [8], y = new float[1];
        session.Run(1, [OnnxBinding.Of("x", given)], [OnnxBinding.Of("y", y)]);
        Assert.Equal(0.5f, y[0]);
        OnnxChecker.Check(model);
    }

    [Fact]
    public void An_included_file_must_be_whole_and_get_its_inputs()
    {
        byte[] part = Affine().ToBytes();
        var graph = new OnnxGraph();
        Assert.Throws<ArgumentException>(() => graph.Include(part, new Dictionary<string, OnnxValue>()));
        var inputs = new Dictionary<string, OnnxValue> { ["x"] = graph.Input("x", OnnxElement.Single, 2) };
        Assert.Throws<FormatException>(() => graph.Include(part.AsMemory(0, part.Length / 2), inputs));
        Assert.Contains("version 9 was asked for", Record(() => new OnnxGraph(9).Include(part, inputs)), StringComparison.Ordinal);
        static string Record(Action action) => Assert.Throws<NotSupportedException>(action).Message;
    }

    [Fact]
    public void Mistakes_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxGraph(13));
        Assert.Throws<InvalidOperationException>(() => new OnnxGraph().ToBytes());
        var graph = new OnnxGraph();
        graph.Input("x", OnnxElement.Single, 2);
        Assert.Throws<ArgumentException>(() => graph.Input("x", OnnxElement.Single, 2));
        Assert.Throws<ArgumentException>(() => graph.Constant([1f, 2f], [3]));
    }

    [Fact]
    public void Names_asked_for_twice_differ()
    {
        var graph = new OnnxGraph();
        Assert.NotEqual(graph.Constant([1f], [1], "w"), graph.Constant([1f], [1], "w"));
        Assert.Equal(graph.Constant([2.0], []), graph.Constant([2.0], []));
    }

    /// <summary>y = x · (1, 3)ᵀ + 1.5.</summary>
    private static OnnxGraph Affine()
    {
        var graph = new OnnxGraph();
        var x = graph.Input("x", OnnxElement.Single, 2);
        var product = graph.Node("MatMul", [x, graph.Constant([1f, 3f], [2, 1], "weights")]);
        graph.Output("y", graph.Node("Add", [product, graph.Constant([1.5f], [])]), 1);
        return graph;
    }

    /// <summary>Halves all rows until none is above 1.</summary>
    private static OnnxGraph Halving(int most)
    {
        var graph = new OnnxGraph();
        var x = graph.Input("x", OnnxElement.Single, 1);
        var half = graph.Constant([0.5f], []);
        var end = graph.Repeat(most, [x, graph.Node("Mul", [x, graph.Constant([0f], [])])], (body, _, state) =>
        {
            var next = body.Node("Mul", [state[0], half]);
            var largest = body.Node("ReduceMax", [next], OnnxArgument.Of("keepdims", 0));
            var goOn = body.Node("Not", [body.Node("Less", [largest, body.Constant([1f], [])])]);
            return ([next, body.Node("Add", [state[1], body.Constant([1f], [])])], goOn);
        });
        graph.Output("y", end[0], 1);
        graph.Output("count", end[1], 1);
        return graph;
    }
}
