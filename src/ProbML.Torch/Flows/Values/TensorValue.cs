using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>A tensor: every operation is done at once, with gradients; but columns are not moved before they are used.</summary>
internal sealed class TensorValue : FlowValue
{
    private readonly PendingColumns? pending;
    private Tensor? values;

    public TensorValue(Tensor tensor) => values = tensor;

    private TensorValue(PendingColumns pending) => this.pending = pending;

    public Tensor Tensor => values ??= pending!.ToTensor();

    public override FlowValue CountTrue() => new TensorValue(Tensor.sum(-1, keepdim: true));

    public override FlowValue Where(FlowValue then, FlowValue otherwise) =>
        new TensorValue(Of(then).where(Tensor, Of(otherwise)));

    public override FlowValue Where(double then, FlowValue otherwise) =>
        new TensorValue(Of(otherwise).masked_fill(Tensor, Scalars.Of(then)));

    public override FlowValue Sum(bool keepsAxis) => new TensorValue(Tensor.sum(-1, keepsAxis));

    public override FlowValue CumulativeSum() => new TensorValue(Tensor.cumsum(-1));

    public override FlowValue Softmax() => new TensorValue(Tensor.softmax(-1));

    public override FlowValue LogSumExp() => new TensorValue(Tensor.logsumexp(-1));

    public override FlowValue Narrow(int axis, int start, int length) => new TensorValue(Tensor.narrow(axis, start, length));

    public override FlowValue Columns(long[] columns)
    {
        var taken = (pending ?? PendingColumns.Of([Tensor])).Take(columns);
        return taken.AsTensor() is { } whole ? new TensorValue(whole) : new TensorValue(taken);
    }

    public override FlowValue Gather(FlowValue index, params ReadOnlySpan<long> offsets) =>
        new TensorValue(Tensor.gather(-1, Of(index).Plus(KeptIndices.Of(offsets, Tensor.device))));

    public override FlowValue[] Unbind(int length) => [.. Tensor.unbind(-1).Select(one => new TensorValue(one))];

    public override FlowValue Join(params ReadOnlySpan<FlowValue> others)
    {
        var all = new Tensor[others.Length + 1];
        all[0] = Tensor;
        for (int i = 0; i < others.Length; i++)
            all[i + 1] = Of(others[i]);
        return Tensor.dim() == 2 ? new TensorValue(PendingColumns.Of(all)) : new TensorValue(cat(all, -1));
    }

    public override FlowValue Pad(double number) =>
        new TensorValue(nn.functional.pad(Tensor, [1, 1], PaddingModes.Constant, number));

    public override FlowValue Unsqueeze(int axis) => new TensorValue(Tensor.unsqueeze(axis));

    public override FlowValue Squeeze(int axis) => new TensorValue(Tensor.squeeze(axis));

    public override FlowValue Split(int groups, int size) => new TensorValue(Tensor.reshape(-1, groups, size));

    public override FlowValue Group(int groups, int size) =>
        new TensorValue(Tensor.reshape(Tensor.shape[0], -1, groups, size));

    public override FlowValue Ungroup() => new TensorValue(Tensor.flatten(2));

    public override FlowValue ExpandAs(FlowValue other) => new TensorValue(Tensor.expand(Of(other).shape));

    public override FlowValue Repeat(int count) => new TensorValue(Tensor.expand(-1, count, -1));

    public override FlowValue Linear(Tensor weight, Tensor? bias) =>
        new TensorValue(nn.functional.linear(Tensor, weight, bias));

    public override FlowValue Apply(nn.Module<Tensor, Tensor> network) => new TensorValue(network.call(Tensor));

    public override FlowValue Lift(Tensor values) => new TensorValue(values);

    public override FlowValue Iterate(int count, Func<FlowValue, FlowValue, FlowValue> next)
    {
        var state = Tensor;
        for (int i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            var iteration = new TensorValue(full([], Scalars.Of(i), dtype: state.dtype, device: state.device));
            state = Of(next(iteration, new TensorValue(state))).MoveToOuterDisposeScope();
        }
        return new TensorValue(state);
    }

    public override FlowValue Zeros() => new TensorValue(zeros_like(Tensor));

    private protected override FlowValue Binary(FlowOperation operation, FlowValue other)
    {
        var right = Of(other);
        return new TensorValue(operation switch
        {
            FlowOperation.Add => Tensor.Plus(right),
            FlowOperation.Subtract => Tensor - right,
            FlowOperation.Multiply => Tensor * right,
            FlowOperation.Divide => Tensor / right,
            FlowOperation.Less => Tensor.lt(right),
            _ => Tensor.ge(right),
        });
    }

    private protected override FlowValue Binary(FlowOperation operation, double other)
    {
        var right = Scalars.Of(other);
        return new TensorValue(operation switch
        {
            FlowOperation.Add => Tensor.Plus(right),
            FlowOperation.Subtract => Tensor.sub(right),
            FlowOperation.Multiply => Tensor.mul(right),
            FlowOperation.Divide => Tensor.div(right),
            FlowOperation.Less => Tensor.lt(right),
            _ => Tensor.ge(right),
        });
    }

    private protected override FlowValue Unary(FlowFunction function) => new TensorValue(function switch
    {
        FlowFunction.Negate => Tensor.neg(),
        FlowFunction.Exp => Tensor.exp(),
        FlowFunction.Log => Tensor.log(),
        FlowFunction.Sqrt => Tensor.sqrt(),
        FlowFunction.Abs => Tensor.abs(),
        FlowFunction.Tanh => Tensor.tanh(),
        FlowFunction.Cos => Tensor.cos(),
        FlowFunction.Sin => Tensor.sin(),
        FlowFunction.Softplus => TensorFunctions.Softplus(Tensor),
        _ => Tensor.floor(),
    });

    /// <summary>The tensor of a value.</summary>
    public static Tensor Of(FlowValue value) => ((TensorValue)value).Tensor;
}
