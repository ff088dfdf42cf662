using ProbML.Examples;
using ProbML.BayesianRegression;
using ProbML.GaussianProcesses;
using ProbML.DensityRatios;
using ProbML.Glm;
using ProbML.Laws;

namespace ProbML;

/// <summary>Every component under every law. A new component joins by a line in <see cref="Components"/>.</summary>
public sealed class Conformance
{
    private static readonly Component[] Components =
    [
        ExampleComponents.Ridge,
        ExampleComponents.BlockRidge,
        ExampleComponents.Classifier,
        ExampleComponents.NaiveBayes,
        ExampleComponents.BlockNaiveBayes,
        ExampleComponents.GaussianDensity,
        ExampleComponents.Standardizer,
        .. GlmComponents.All,
        .. BayesianComponents.All,
        .. GaussianProcessComponents.All,
        DensityRatioComponent.Create(),
        .. LatentProcessComponents.All,
    ];

    public static TheoryData<string, string> Cases => [.. ModelLaws.Cases(Components)];

    [Theory, MemberData(nameof(Cases))]
    public void Law_holds(string component, string law) =>
        ModelLaws.Check(law, Components.Single(one => one.Name == component));
}
