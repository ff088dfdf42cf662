namespace ProbML.Onnx.Tests;

public sealed class OnnxArgumentTests
{
    [Fact]
    public void Whole_numbers_are_integers_and_fractions_are_floats()
    {
        Assert.IsType<long>(OnnxArgument.Of("keepdims", 1).Value);
        Assert.IsType<float>(OnnxArgument.Of("alpha", 0.5f).Value);
        Assert.IsType<long[]>(OnnxArgument.Of("axes", [1, 2]).Value);
        Assert.IsType<float[]>(OnnxArgument.Of("coefficients", [0.5f]).Value);
    }
}
