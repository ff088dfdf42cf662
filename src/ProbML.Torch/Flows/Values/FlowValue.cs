using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>An array whose first axis is the rows: computed at once by libtorch, or written as operators of an ONNX graph.</summary>
/// <remarks>
/// A bijection states its formula once, over these: training differentiates it, and the saved graph is the same formula.
/// Axes and broadcasting are those of NumPy. Numbers that a formula needs besides (parameters, knots) come in by
/// <see cref="Lift"/>.
/// </remarks>
public abstract class FlowValue
{
    private protected FlowValue()
    {
    }

    /// <summary>a + b, by elements.</summary>
    public static FlowValue operator +(FlowValue left, FlowValue right) => Add(left, right);

    /// <summary>a − b, by elements.</summary>
    public static FlowValue operator -(FlowValue left, FlowValue right) => Subtract(left, right);

    /// <summary>a b, by elements.</summary>
    public static FlowValue operator *(FlowValue left, FlowValue right) => Multiply(left, right);

    /// <summary>a / b, by elements.</summary>
    public static FlowValue operator /(FlowValue left, FlowValue right) => Divide(left, right);

    /// <summary>−a, by elements.</summary>
    public static FlowValue operator -(FlowValue value) => Negate(value);

    /// <summary>a + c, for a constant c.</summary>
    public static FlowValue operator +(FlowValue left, double right) => Known(left).Binary(FlowOperation.Add, right);

    /// <summary>a − c, for a constant c.</summary>
    public static FlowValue operator -(FlowValue left, double right) => Known(left).Binary(FlowOperation.Add, -right);

    /// <summary>c a, for a constant c.</summary>
    public static FlowValue operator *(FlowValue left, double right) => Known(left).Binary(FlowOperation.Multiply, right);

    /// <summary>a + b, by elements.</summary>
    public static FlowValue Add(FlowValue left, FlowValue right) => Known(left).Binary(FlowOperation.Add, Known(right));

    /// <summary>a − b, by elements.</summary>
    public static FlowValue Subtract(FlowValue left, FlowValue right) =>
        Known(left).Binary(FlowOperation.Subtract, Known(right));

    /// <summary>a b, by elements.</summary>
    public static FlowValue Multiply(FlowValue left, FlowValue right) =>
        Known(left).Binary(FlowOperation.Multiply, Known(right));

    /// <summary>a / b, by elements.</summary>
    public static FlowValue Divide(FlowValue left, FlowValue right) => Known(left).Binary(FlowOperation.Divide, Known(right));

    /// <summary>−a, by elements.</summary>
    public static FlowValue Negate(FlowValue value) => Known(value).Unary(FlowFunction.Negate);

    /// <summary>eᵃ.</summary>
    public FlowValue Exp() => Unary(FlowFunction.Exp);

    /// <summary>ln a.</summary>
    public FlowValue Log() => Unary(FlowFunction.Log);

    /// <summary>√a.</summary>
    public FlowValue Sqrt() => Unary(FlowFunction.Sqrt);

    /// <summary>|a|.</summary>
    public FlowValue Abs() => Unary(FlowFunction.Abs);

    /// <summary>tanh a.</summary>
    public FlowValue Tanh() => Unary(FlowFunction.Tanh);

    /// <summary>cos a.</summary>
    public FlowValue Cos() => Unary(FlowFunction.Cos);

    /// <summary>sin a.</summary>
    public FlowValue Sin() => Unary(FlowFunction.Sin);

    /// <summary>ln(1 + eᵃ).</summary>
    public FlowValue Softplus() => Unary(FlowFunction.Softplus);

    /// <summary>⌊a⌋.</summary>
    public FlowValue Floor() => Unary(FlowFunction.Floor);

    /// <summary>a².</summary>
    public FlowValue Square() => Binary(FlowOperation.Multiply, this);

    /// <summary>Whether a &lt; b, by elements: for choices and <see cref="CountTrue"/>.</summary>
    public FlowValue IsLess(FlowValue other) => Binary(FlowOperation.Less, Known(other));

    /// <summary>Whether a ≥ b, by elements.</summary>
    public FlowValue IsAtLeast(FlowValue other) => Binary(FlowOperation.AtLeast, Known(other));

    /// <summary>Whether a &lt; c, for a constant c.</summary>
    public FlowValue IsLess(double other) => Binary(FlowOperation.Less, other);

    /// <summary>Whether a ≥ c, for a constant c.</summary>
    public FlowValue IsAtLeast(double other) => Binary(FlowOperation.AtLeast, other);

    /// <summary>The number of elements of the last axis that are true, which keeps a length of 1: an index.</summary>
    public abstract FlowValue CountTrue();

    /// <summary>Where this is true the one, elsewhere the other.</summary>
    public abstract FlowValue Where(FlowValue then, FlowValue otherwise);

    /// <summary>Where this is true a constant, elsewhere the other.</summary>
    public abstract FlowValue Where(double then, FlowValue otherwise);

    /// <summary>Σ over the last axis.</summary>
    /// <param name="keepsAxis">Whether that axis stays, with a length of 1.</param>
    public abstract FlowValue Sum(bool keepsAxis);

    /// <summary>Running sums over the last axis.</summary>
    public abstract FlowValue CumulativeSum();

    /// <summary>eᵃ / Σ eᵃ over the last axis.</summary>
    public abstract FlowValue Softmax();

    /// <summary>ln Σ eᵃ over the last axis, which goes.</summary>
    public abstract FlowValue LogSumExp();

    /// <summary>A part of an axis.</summary>
    public abstract FlowValue Narrow(int axis, int start, int length);

    /// <summary>Some columns of [n, d], in an order of their own.</summary>
    public abstract FlowValue Columns(long[] columns);

    /// <summary>The elements of the last axis at an index, [..., 1], as <see cref="CountTrue"/> gives it, plus each of m offsets: [..., m].</summary>
    public abstract FlowValue Gather(FlowValue index, params ReadOnlySpan<long> offsets);

    /// <summary>The elements of the last axis, of that length, each without the axis.</summary>
    public abstract FlowValue[] Unbind(int length);

    /// <summary>Puts values beside each other on the last axis, this one first.</summary>
    public abstract FlowValue Join(params ReadOnlySpan<FlowValue> others);

    /// <summary>A constant before and after on the last axis of three.</summary>
    public abstract FlowValue Pad(double number);

    /// <summary>A new axis of length 1.</summary>
    public abstract FlowValue Unsqueeze(int axis);

    /// <summary>Drops an axis of length 1.</summary>
    public abstract FlowValue Squeeze(int axis);

    /// <summary>[n, a b] as [n, a, b].</summary>
    public abstract FlowValue Split(int groups, int size);

    /// <summary>[n, k, a b] as [n, k, a, b].</summary>
    public abstract FlowValue Group(int groups, int size);

    /// <summary>[n, k, a, b] as [n, k, a b].</summary>
    public abstract FlowValue Ungroup();

    /// <summary>This value for each row of another, in its shape.</summary>
    public abstract FlowValue ExpandAs(FlowValue other);

    /// <summary>[n, a, b] of one a repeated so many times: [n, count, b].</summary>
    public abstract FlowValue Repeat(int count);

    /// <summary>x Wᵀ + b.</summary>
    public abstract FlowValue Linear(Tensor weight, Tensor? bias);

    /// <summary>What a network makes of it; the network is an <see cref="IOnnxModule"/>.</summary>
    public abstract FlowValue Apply(nn.Module<Tensor, Tensor> network);

    /// <summary>A tensor that does not depend on the rows, beside this value.</summary>
    public abstract FlowValue Lift(Tensor values);

    /// <summary>Computes a state of this value's kind anew, so many times.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="next">The state after, from how often it has run, a number, and the state before.</param>
    public abstract FlowValue Iterate(int count, Func<FlowValue, FlowValue, FlowValue> next);

    /// <summary>Zeros of the same shape.</summary>
    public abstract FlowValue Zeros();

    private protected abstract FlowValue Binary(FlowOperation operation, FlowValue other);

    private protected abstract FlowValue Binary(FlowOperation operation, double other);

    private protected abstract FlowValue Unary(FlowFunction function);

    private static FlowValue Known(FlowValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}

internal enum FlowOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Less,
    AtLeast,
}

internal enum FlowFunction
{
    Negate,
    Exp,
    Log,
    Sqrt,
    Abs,
    Tanh,
    Cos,
    Sin,
    Softplus,
    Floor,
}
