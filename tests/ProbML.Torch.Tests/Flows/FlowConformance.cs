using ProbML.Laws;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Flows under every law.</summary>
public sealed class FlowConformance
{
    private static readonly Component[] Components = 
        [FlowComponents.Transform, FlowComponents.Continuous, FlowComponents.Circular, FlowComponents.Detector, FlowComponents.Regression];

    public static TheoryData<string, string> Cases => [.. ModelLaws.Cases(Components)];

    [Theory, MemberData(nameof(Cases))]
    public void Law_holds(string component, string law) =>
        ModelLaws.Check(law, Components.Single(one => one.Name == component));
}
