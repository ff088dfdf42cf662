using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>A tensor: every operation is done at once, with gradients.</summary>
internal sealed class TensorValue(Tensor tensor) : FlowValue
{
    /// <summary>Kept: a native scalar made for one call waits for its finalizer.</summary>
    private static readonly ConcurrentDictionary<double, Scalar> Scalars = new();

    public Tensor Tensor => tensor;

    public override FlowValue CountTrue() => new TensorValue(tensor.sum(-1, keepdim: true));

    public override FlowValue Where(FlowValue then, FlowValue otherwise) =>
        new TensorValue(Of(then).where(tensor, Of(otherwise)));

    public override FlowValue Where(FlowValue then, double otherwise) =>
        new TensorValue(Of(then).masked_fill(tensor.logical_not(), Number(otherwise)));

    public override FlowValue Sum(bool keepsAxis) => new TensorValue(tensor.sum(-1, keepsAxis));

    public override FlowValue CumulativeSum() => new TensorValue(tensor.cumsum(-1));

    public override FlowValue Softmax() => new TensorValue(tensor.softmax(-1));

    public override FlowValue LogSumExp() => new TensorValue(tensor.logsumexp(-1));

    public override FlowValue Narrow(int axis, int start, int length) => new TensorValue(tensor.narrow(axis, start, length));

    public override FlowValue Columns(long[] columns)
    {
        using var places = torch.tensor(columns, device: Tensor.device);
        return new TensorValue(Tensor.index_select(1, places));
    }

    public override FlowValue Gather(FlowValue indices) => new TensorValue(tensor.gather(-1, Of(indices)));

    public override FlowValue Join(params ReadOnlySpan<FlowValue> others)
    {
        var all = new Tensor[others.Length + 1];
        all[0] = tensor;
        for (int i = 0; i < others.Length; i++)
            all[i + 1] = Of(others[i]);
        return new TensorValue(cat(all, -1));
    }

    public override FlowValue Pad(double? before, double? after)
    {
        var padded = before is { } low ? nn.functional.pad(tensor, [1, 0], PaddingModes.Constant, low) : tensor;
        return new TensorValue(after is { } high ? nn.functional.pad(padded, [0, 1], PaddingModes.Constant, high) : padded);
    }

    public override FlowValue Unsqueeze(int axis) => new TensorValue(tensor.unsqueeze(axis));

    public override FlowValue Squeeze(int axis) => new TensorValue(tensor.squeeze(axis));

    public override FlowValue Split(int groups, int size) => new TensorValue(tensor.reshape(-1, groups, size));

    public override FlowValue ExpandAs(FlowValue other) => new TensorValue(tensor.expand(Of(other).shape));

    public override FlowValue Repeat(int count) => new TensorValue(tensor.expand(-1, count, -1));

    public override FlowValue Linear(Tensor weight, Tensor? bias) =>
        new TensorValue(nn.functional.linear(tensor, weight, bias));

    public override FlowValue Apply(nn.Module<Tensor, Tensor> network) => new TensorValue(network.call(tensor));

    public override FlowValue Lift(Tensor values) => new TensorValue(values);

    public override FlowValue Iterate(int count, Func<FlowValue, FlowValue, FlowValue> next)
    {
        FlowValue state = this;
        for (int i = 0; i < count; i++)
        {
            var iteration = new TensorValue(full([], Number(i), dtype: tensor.dtype, device: tensor.device));
            state = next(iteration, state);
        }
        return state;
    }

    public override FlowValue Zeros() => new TensorValue(zeros_like(tensor));

    private protected override FlowValue Binary(FlowOperation operation, FlowValue other)
    {
        var right = Of(other);
        return new TensorValue(operation switch
        {
            FlowOperation.Add => tensor + right,
            FlowOperation.Subtract => tensor - right,
            FlowOperation.Multiply => tensor * right,
            FlowOperation.Divide => tensor / right,
            FlowOperation.Less => tensor.lt(right),
            _ => tensor.ge(right),
        });
    }

    private protected override FlowValue Binary(FlowOperation operation, double other)
    {
        var right = Number(other);
        return new TensorValue(operation switch
        {
            FlowOperation.Add => tensor.add(right),
            FlowOperation.Subtract => tensor.sub(right),
            FlowOperation.Multiply => tensor.mul(right),
            FlowOperation.Divide => tensor.div(right),
            FlowOperation.Less => tensor.lt(right),
            _ => tensor.ge(right),
        });
    }

    private protected override FlowValue Unary(FlowFunction function) => new TensorValue(function switch
    {
        FlowFunction.Negate => tensor.neg(),
        FlowFunction.Exp => tensor.exp(),
        FlowFunction.Log => tensor.log(),
        FlowFunction.Sqrt => tensor.sqrt(),
        FlowFunction.Abs => tensor.abs(),
        FlowFunction.Tanh => tensor.tanh(),
        FlowFunction.Softplus => nn.functional.softplus(tensor),
        _ => tensor.floor(),
    });

    /// <summary>The tensor of a value.</summary>
    public static Tensor Of(FlowValue value) => ((TensorValue)value).Tensor;

    private static Scalar Number(double value) => Scalars.GetOrAdd(value, static one => one);
}
