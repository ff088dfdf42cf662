using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>A value of an ONNX graph: every operation adds operators of opset 12.</summary>
internal sealed class GraphValue(GraphScope scope, OnnxValue value) : FlowValue
{
    private const long SingleType = 1, Int64Type = 7;

    public OnnxValue Value => value;

    public override FlowValue CountTrue()
    {
        var counted = Node("ReduceSum", [Node("Cast", [value], OnnxArgument.Of("to", SingleType))], Axes(-1), Keeps(true));
        return New(Node("Cast", [counted], OnnxArgument.Of("to", Int64Type)));
    }

    public override FlowValue Where(FlowValue then, FlowValue otherwise) => New(Node("Where", [value, Of(then), Of(otherwise)]));

    public override FlowValue Where(double then, FlowValue otherwise) => New(Node("Where", [value, Number(then), Of(otherwise)]));

    public override FlowValue Sum(bool keepsAxis) => New(Node("ReduceSum", [value], Axes(-1), Keeps(keepsAxis)));

    public override FlowValue CumulativeSum() => New(Node("CumSum", [value, scope.Graph.Constant([-1L], [])]));

    public override FlowValue Softmax()
    {
        // By primitives: the operator joins the later axes before opset 13.
        var largest = Node("ReduceMax", [value], Axes(-1), Keeps(true));
        var weights = Node("Exp", [Node("Sub", [value, largest])]);
        return New(Node("Div", [weights, Node("ReduceSum", [weights], Axes(-1), Keeps(true))]));
    }

    public override FlowValue LogSumExp() => New(Node("ReduceLogSumExp", [value], Axes(-1), Keeps(false)));

    public override FlowValue Narrow(int axis, int start, int length) => New(Part(axis, start, length));

    public override FlowValue Columns(long[] columns) =>
        New(Node("Gather", [value, scope.Graph.Constant(columns, [columns.Length])], OnnxArgument.Of("axis", 1L)));

    public override FlowValue Gather(FlowValue index, params ReadOnlySpan<long> offsets)
    {
        var indices = Node("Add", [Of(index), scope.Graph.Constant(offsets, [offsets.Length])]);
        return New(Node("GatherElements", [value, indices], OnnxArgument.Of("axis", -1L)));
    }

    public override FlowValue[] Unbind(int length) =>
        [.. Enumerable.Range(0, length).Select(i => New(Node("Squeeze", [Part(-1, i, 1)], Axes(-1))))];

    public override FlowValue Join(params ReadOnlySpan<FlowValue> others)
    {
        var all = new OnnxValue[others.Length + 1];
        all[0] = value;
        for (int i = 0; i < others.Length; i++)
            all[i + 1] = Of(others[i]);
        return New(Node("Concat", all, OnnxArgument.Of("axis", -1L)));
    }

    public override FlowValue Pad(double number) =>
        New(Node("Pad", [value, scope.Graph.Constant([0L, 0, 1, 0, 0, 1], [6]), Number(number)]));

    public override FlowValue Unsqueeze(int axis) => New(Node("Unsqueeze", [value], Axes(axis)));

    public override FlowValue Squeeze(int axis) => New(Node("Squeeze", [value], Axes(axis)));

    public override FlowValue Split(int groups, int size) =>
        New(Node("Reshape", [value, scope.Graph.Constant([-1L, groups, size], [3])]));

    // A 0 keeps the axis as it is.
    public override FlowValue Group(int groups, int size) =>
        New(Node("Reshape", [value, scope.Graph.Constant([0L, 0, groups, size], [4])]));

    public override FlowValue Ungroup() => New(Node("Reshape", [value, scope.Graph.Constant([0L, 0, -1], [3])]));

    public override FlowValue ExpandAs(FlowValue other) => New(Node("Expand", [value, Node("Shape", [Of(other)])]));

    public override FlowValue Repeat(int count) =>
        New(Node("Expand", [value, scope.Graph.Constant([1L, count, 1], [3])]));

    public override FlowValue Linear(Tensor weight, Tensor? bias)
    {
        var transposed = OnnxArgument.Of("transB", 1L);
        return New(bias is null
            ? Node("Gemm", [value, scope.Lift(weight)], transposed)
            : Node("Gemm", [value, scope.Lift(weight), scope.Lift(bias)], transposed));
    }

    public override FlowValue Apply(nn.Module<Tensor, Tensor> network) =>
        New(((IOnnxModule)network).Emit(scope.Graph, value));

    public override FlowValue Lift(Tensor values) => New(scope.Lift(values));

    public override FlowValue Iterate(int count, Func<FlowValue, FlowValue, FlowValue> next) => count == 0
        ? this
        : New(scope.Graph.Repeat(count, [value], (graph, iteration, state) => scope.Within<(OnnxValue[], OnnxValue)>(graph, () =>
        {
            var number = Node("Cast", [iteration], OnnxArgument.Of("to", SingleType));
            return ([Of(next(New(number), New(state[0])))], default);
        }))[0]);

    public override FlowValue Zeros() => New(Node("ConstantOfShape", [Node("Shape", [value])]));

    private protected override FlowValue Binary(FlowOperation operation, FlowValue other) =>
        New(Node(Name(operation), [value, Of(other)]));

    private protected override FlowValue Binary(FlowOperation operation, double other) =>
        New(Node(Name(operation), [value, Number(other)]));

    private protected override FlowValue Unary(FlowFunction function) => New(Node(
        function switch
        {
            FlowFunction.Negate => "Neg",
            FlowFunction.Exp => "Exp",
            FlowFunction.Log => "Log",
            FlowFunction.Sqrt => "Sqrt",
            FlowFunction.Abs => "Abs",
            FlowFunction.Tanh => "Tanh",
            FlowFunction.Cos => "Cos",
            FlowFunction.Sin => "Sin",
            FlowFunction.Softplus => "Softplus",
            _ => "Floor",
        },
        [value]));

    /// <summary>The graph's name of a value.</summary>
    public static OnnxValue Of(FlowValue value) => ((GraphValue)value).Value;

    private static string Name(FlowOperation operation) => operation switch
    {
        FlowOperation.Add => "Add",
        FlowOperation.Subtract => "Sub",
        FlowOperation.Multiply => "Mul",
        FlowOperation.Divide => "Div",
        FlowOperation.Less => "Less",
        _ => "GreaterOrEqual",
    };

    private GraphValue New(OnnxValue result) => new(scope, result);

    private OnnxValue Node(string op, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxArgument> attributes) =>
        scope.Graph.Node(op, inputs, attributes);

    private OnnxValue Part(int axis, int start, int length)
    {
        OnnxValue Index(long number) => scope.Graph.Constant([number], [1]);
        return Node("Slice", [value, Index(start), Index(start + (long)length), Index(axis)]);
    }

    private OnnxValue Number(double number) => scope.Graph.Constant([(float)number], []);

    private static OnnxArgument Axes(long axis) => OnnxArgument.Of("axes", [axis]);

    private static OnnxArgument Keeps(bool keeps) => OnnxArgument.Of("keepdims", keeps ? 1L : 0L);
}
