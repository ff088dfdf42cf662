using System.Numerics;

namespace ProbML;

/// <summary>A tensor of Double in an ONNX graph that formulas can be written with, broadcasting as ONNX does.</summary>
/// <remarks>
/// Only operators that ONNX Runtime has in double precision are used: no Softplus, Erf, Atan or Sigmoid.
/// </remarks>
internal readonly record struct OnnxReal(OnnxScope Scope, OnnxValue Value)
    : IAdditionOperators<OnnxReal, OnnxReal, OnnxReal>,
        IAdditionOperators<OnnxReal, double, OnnxReal>,
        ISubtractionOperators<OnnxReal, OnnxReal, OnnxReal>,
        IMultiplyOperators<OnnxReal, OnnxReal, OnnxReal>,
        IMultiplyOperators<OnnxReal, double, OnnxReal>,
        IDivisionOperators<OnnxReal, OnnxReal, OnnxReal>
{
    public static OnnxReal operator +(OnnxReal left, OnnxReal right) => left.Op("Add", right);

    public static OnnxReal operator +(OnnxReal left, double right) => left + left.Of(right);

    public static OnnxReal operator +(double left, OnnxReal right) => right.Of(left) + right;

    public static OnnxReal operator -(OnnxReal left, OnnxReal right) => left.Op("Sub", right);

    public static OnnxReal operator -(OnnxReal left, double right) => left - left.Of(right);

    public static OnnxReal operator -(double left, OnnxReal right) => right.Of(left) - right;

    public static OnnxReal operator -(OnnxReal value) => value.Op("Neg");

    public static OnnxReal operator *(OnnxReal left, OnnxReal right) => left.Op("Mul", right);

    public static OnnxReal operator *(OnnxReal left, double right) => left * left.Of(right);

    public static OnnxReal operator *(double left, OnnxReal right) => right.Of(left) * right;

    public static OnnxReal operator /(OnnxReal left, OnnxReal right) => left.Op("Div", right);

    public static OnnxReal operator /(OnnxReal left, double right) => left / left.Of(right);

    public static OnnxReal operator /(double left, OnnxReal right) => right.Of(left) / right;

    public static OnnxTruth operator <(OnnxReal left, OnnxReal right) => left.Compare("Less", right);

    public static OnnxTruth operator >(OnnxReal left, OnnxReal right) => left.Compare("Greater", right);

    public static OnnxTruth operator <(OnnxReal left, double right) => left < left.Of(right);

    public static OnnxTruth operator >(OnnxReal left, double right) => left > left.Of(right);

    public OnnxTruth Is(OnnxReal other) => Compare("Equal", other);

    public OnnxTruth Is(double other) => Is(Of(other));

    public OnnxTruth IsNaN() => new(Scope, Scope.Graph.Node("IsNaN", [Value]));

    /// <summary>Whether it is neither infinite nor NaN: what is finite differs from itself by zero.</summary>
    public OnnxTruth IsFinite() => (this - this).Is(0);

    public OnnxReal Exp() => Op("Exp");

    public OnnxReal Log() => Op("Log");

    public OnnxReal Sqrt() => Op("Sqrt");

    public OnnxReal Abs() => Op("Abs");

    public OnnxReal Floor() => Op("Floor");

    public OnnxReal Sin() => Op("Sin");

    public OnnxReal Max(OnnxReal other) => Op("Max", other);

    public OnnxReal Max(double other) => Max(Of(other));

    public OnnxReal Min(OnnxReal other) => Op("Min", other);

    public OnnxReal Min(double other) => Min(Of(other));

    public OnnxReal Power(double exponent) => Op("Pow", Of(exponent));

    public OnnxReal Power(OnnxReal exponent) => Op("Pow", exponent);

    public OnnxReal Times(OnnxReal matrix) => Op("MatMul", matrix);

    /// <summary>The sum of each row, [n, 1].</summary>
    public OnnxReal RowSum() => Total(1);

    /// <summary>The largest of each row, [n, 1].</summary>
    public OnnxReal RowMax() => Most(1);

    /// <summary>Some columns, by place.</summary>
    public OnnxReal Columns(params ReadOnlySpan<long> places) => new(Scope, Scope.Graph.Node(
        "Gather", [Value, Scope.Graph.Constant(places, [places.Length])], OnnxArgument.Of("axis", 1)));

    /// <summary>Of each row the element at a place of its own, [n, 1].</summary>
    public OnnxReal At(OnnxReal places)
    {
        var index = Scope.Graph.Node("Cast", [places.Value], OnnxArgument.Of("to", (long)OnnxElement.Int64));
        return new(Scope, Scope.Graph.Node("GatherElements", [Value, index], OnnxArgument.Of("axis", 1)));
    }

    /// <summary>Each row in ascending order.</summary>
    /// <param name="width">The number of columns.</param>
    public OnnxReal Sorted(long width) => new(Scope, Scope.Graph.Nodes(
        "TopK", [Value, Scope.Graph.Constant([width], [1])], 2, OnnxArgument.Of("axis", 1), OnnxArgument.Of("largest", 0))[0]);

    /// <summary>The same, with an axis of one element more.</summary>
    public OnnxReal Unsqueeze(long axis) => new(
        Scope, Scope.Graph.Node("Unsqueeze", [Value], OnnxArgument.Of("axes", [axis])));

    public OnnxReal Reshape(params ReadOnlySpan<long> shape) => new(
        Scope, Scope.Graph.Node("Reshape", [Value, Scope.Graph.Constant(shape, [shape.Length])]));

    /// <summary>The sum over an axis, of which one element is left.</summary>
    public OnnxReal Total(long axis) => Over("ReduceSum", axis);

    /// <summary>The smallest along an axis, of which one element is left.</summary>
    public OnnxReal Least(long axis) => Over("ReduceMin", axis);

    /// <summary>The largest along an axis, of which one element is left.</summary>
    public OnnxReal Most(long axis) => Over("ReduceMax", axis);

    /// <summary>The sum over an axis, which goes.</summary>
    public OnnxReal SumOver(long axis) => new(Scope, Scope.Graph.Node(
        "ReduceSum", [Value], OnnxArgument.Of("axes", [axis]), OnnxArgument.Of("keepdims", 0)));

    /// <summary>In single precision, as a column of outputs is.</summary>
    public OnnxValue ToSingle() =>
        Scope.Graph.Node("Cast", [Value], OnnxArgument.Of("to", (long)OnnxElement.Single));

    /// <summary>A constant to go with it.</summary>
    public OnnxReal Of(double value) => Scope.Constant(value);

    /// <summary>As it is where the condition holds, else another value.</summary>
    public OnnxReal Where(OnnxTruth condition, double otherwise) => Scope.Choose(condition, this, Of(otherwise));

    private OnnxReal Op(string name) => new(Scope, Scope.Graph.Node(name, [Value]));

    private OnnxReal Op(string name, OnnxReal other) => new(Scope, Scope.Graph.Node(name, [Value, other.Value]));

    private OnnxTruth Compare(string name, OnnxReal other) => new(Scope, Scope.Graph.Node(name, [Value, other.Value]));

    private OnnxReal Over(string name, long axis) => new(
        Scope, Scope.Graph.Node(name, [Value], OnnxArgument.Of("axes", [axis]), OnnxArgument.Of("keepdims", 1)));
}

/// <summary>A tensor of Boolean in an ONNX graph.</summary>
internal readonly record struct OnnxTruth(OnnxScope Scope, OnnxValue Value)
{
    public static OnnxTruth operator &(OnnxTruth left, OnnxTruth right) =>
        new(left.Scope, left.Scope.Graph.Node("And", [left.Value, right.Value]));

    public static OnnxTruth operator |(OnnxTruth left, OnnxTruth right) =>
        new(left.Scope, left.Scope.Graph.Node("Or", [left.Value, right.Value]));

    public static OnnxTruth operator !(OnnxTruth value) => new(value.Scope, value.Scope.Graph.Node("Not", [value.Value]));

    /// <summary>1 where it holds, 0 elsewhere.</summary>
    public OnnxReal ToReal() => Scope.Double(Value);

    /// <summary>Whether it holds anywhere, a scalar.</summary>
    public OnnxTruth Any()
    {
        var single = Scope.Graph.Node("Cast", [Value], OnnxArgument.Of("to", (long)OnnxElement.Single));
        var largest = Scope.Graph.Node("ReduceMax", [single], OnnxArgument.Of("keepdims", 0));
        return new(Scope, Scope.Graph.Node("Cast", [largest], OnnxArgument.Of("to", (long)OnnxElement.Boolean)));
    }
}
