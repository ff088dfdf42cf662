using TorchSharp;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Sets elements to 0 with probability p in training and divides the others by 1 − p; elsewhere x.</summary>
/// <remarks>Srivastava et al. (2014), §4, scaled in training. Drawn from the training's generator, so that seeds hold.</remarks>
public sealed class SeededDropout : nn.Module<Tensor, Tensor>, IOnnxModule, ITrainingLayer
{
    private readonly Scalar rate;
    private readonly Scalar scale;
    private Generator? random;

    /// <summary>Makes the layer.</summary>
    /// <param name="rate">p, in [0, 1).</param>
    public SeededDropout(double rate)
        : base(nameof(SeededDropout))
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), $"A dropout rate must lie in [0, 1), but is {rate}.");
        (this.rate, scale) = (Scalars.New(rate), Scalars.New(1 / (1 - rate)));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!training || random is null)
            return input;
        var kept = rand(input.shape, dtype: ScalarType.Float32, device: input.device, generator: random).ge(rate);
        return input * kept.to(input.dtype) * scale;
    }

    /// <inheritdoc/>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input) => input;

    /// <inheritdoc/>
    public void BeginTraining(Generator random, bool bfloat16Products) => this.random = random;

    /// <inheritdoc/>
    public void EndTraining() => random = null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rate.Dispose();
            scale.Dispose();
        }
        base.Dispose(disposing);
    }
}
