using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.DensityRatios;

/// <summary>A Bregman loss of a network of f = ln r, each sample's rows weighing one half together.</summary>
/// <param name="network">f.</param>
/// <param name="loss">Which.</param>
/// <param name="shares">What a row of the denominator and of the numerator counts: half over its sample's share of the weight.</param>
/// <param name="description">What is trained.</param>
internal sealed class RatioObjective(
    MultilayerPerceptron network, RatioLoss loss, (double Denominator, double Numerator) shares, string description) : ITrainingObjective
{
    private static readonly Scalar Half = Scalars.Of(0.5), MinusHalf = Scalars.Of(-0.5), Two = Scalars.Of(2);

    private readonly Scalar ofNumerator = Scalars.New(shares.Numerator), ofDenominator = Scalars.New(shares.Denominator);

    public nn.Module Module => network;

    public string Description => description;

    public Tensor Loss(TrainingBatch batch, TrainingStep step)
    {
        var f = network.call(batch.Features).squeeze(1);
        var isNumerator = batch.Response!.gt(Half);
        return batch.Mean(where(isNumerator, OfNumerator(f) * ofNumerator, OfDenominator(f) * ofDenominator));
    }

    private Tensor OfNumerator(Tensor f) => loss switch
    {
        RatioLoss.LeastSquares => f.exp().neg(),
        RatioLoss.Exponential => (f * MinusHalf).exp(),
        RatioLoss.KullbackLeibler => f.neg(),
        _ => TensorFunctions.Softplus(f.neg()),
    };

    private Tensor OfDenominator(Tensor f) => loss switch
    {
        RatioLoss.LeastSquares => (f * Two).exp() * Half,
        RatioLoss.Exponential => (f * Half).exp(),
        RatioLoss.KullbackLeibler => f.exp(),
        _ => TensorFunctions.Softplus(f),
    };
}
