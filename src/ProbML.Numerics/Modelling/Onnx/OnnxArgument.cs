namespace ProbML;

/// <summary>A named attribute of an ONNX operator: a number, a text or a list of numbers.</summary>
public readonly record struct OnnxArgument
{
    private OnnxArgument(string name, object value) => (Name, Value) = (name, value);

    /// <summary>Its name in the standard.</summary>
    public string Name { get; }

    /// <summary>A <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, or an array of long or float.</summary>
    public object Value { get; }

    /// <summary>An integer attribute, such as <c>keepdims</c>.</summary>
    public static OnnxArgument Of(string name, long value) => new(name, value);

    /// <summary>A number, such as <c>alpha</c>.</summary>
    public static OnnxArgument Of(string name, float value) => new(name, value);

    /// <summary>A text.</summary>
    public static OnnxArgument Of(string name, string value) => new(name, value);

    /// <summary>A list of integers, such as <c>axes</c>.</summary>
    public static OnnxArgument Of(string name, long[] values) => new(name, values);

    /// <summary>A list of numbers.</summary>
    public static OnnxArgument Of(string name, float[] values) => new(name, values);
}
