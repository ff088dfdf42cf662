using ProbML.Laws;

namespace ProbML.Torch.Tests.Vae;

/// <summary>Autoencoders under every law.</summary>
public sealed class VaeConformance
{
    private static readonly Component[] Components = [VaeComponents.Encoder, VaeComponents.Detector, .. VaeComponents.FlowPosteriors];

    public static TheoryData<string, string> Cases => [.. ModelLaws.Cases(Components)];

    [Theory, MemberData(nameof(Cases))]
    public void Law_holds(string component, string law) =>
        ModelLaws.Check(law, Components.Single(one => one.Name == component));
}
