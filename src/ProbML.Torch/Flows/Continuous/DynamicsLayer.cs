using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>W h + b + t c.</summary>
internal sealed class DynamicsLayer : nn.Module
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Parameter rate;

    public DynamicsLayer(int inputs, int outputs, bool isZero, Generator random)
        : base(nameof(DynamicsLayer))
    {
        var start = isZero ? WeightInitialization.Zero : WeightInitialization.FanIn;
        weight = Initial.Weight(start, random, inputs, outputs, outputs, inputs);
        bias = Initial.Bias(start, random, inputs, outputs);
        rate = Initial.Constant(0, outputs);
        RegisterComponents();
    }

    public Parameter Weight => weight;

    public FlowValue Apply(FlowValue h, FlowValue time) => h.Linear(weight, bias) + time * h.Lift(rate);
}
