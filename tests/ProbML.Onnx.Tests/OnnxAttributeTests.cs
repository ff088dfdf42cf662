namespace ProbML.Onnx.Tests;

public sealed class OnnxAttributeTests
{
    [Fact]
    public void Whole_numbers_are_integers_and_fractions_are_floats()
    {
        Assert.IsType<long>(OnnxAttribute.Of("keepdims", 1).Value);
        Assert.IsType<float>(OnnxAttribute.Of("alpha", 0.5f).Value);
        Assert.IsType<long[]>(OnnxAttribute.Of("axes", [1, 2]).Value);
        Assert.IsType<float[]>(OnnxAttribute.Of("coefficients", [0.5f]).Value);
    }
}
