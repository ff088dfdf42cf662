using ProbML.Laws;

namespace ProbML.Onnx.Tests;

/// <summary>A model that is an ONNX graph keeps every law that the others keep.</summary>
public sealed class Conformance
{
    public static TheoryData<string> Cases => [.. ModelLaws.Cases([OnnxLinear.Component]).Select(one => one.Law)];

    [Theory, MemberData(nameof(Cases))]
    public void Law_holds(string law) => ModelLaws.Check(law, OnnxLinear.Component);
}
