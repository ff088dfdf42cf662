using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>
/// How a network's numbers make a posterior: [μ | ln of the factor's squared diagonal | its rows below it | of the flow].
/// </summary>
/// <param name="covariance">Of the Gaussian.</param>
/// <param name="dimension">k.</param>
/// <param name="flow">What maps the Gaussian's draws; null: nothing does.</param>
/// <param name="contextSize">How many numbers that takes.</param>
internal sealed class PosteriorFamily(
    PosteriorCovariance covariance, int dimension, BijectionChain? flow = null, int contextSize = 0)
{
    private static readonly Scalar Half = Scalars.Of(0.5);

    public PosteriorCovariance Covariance => covariance;

    public int Dimension => dimension;

    public BijectionChain? Flow => flow;

    public int ContextSize => contextSize;

    /// <summary>How many numbers it takes.</summary>
    public int Width => GaussianWidth + contextSize;

    private int GaussianWidth => 2 * dimension + BelowDiagonal;

    private int BelowDiagonal => covariance == PosteriorCovariance.Full ? dimension * (dimension - 1) / 2 : 0;

    /// <param name="numbers">[..., <see cref="Width"/>].</param>
    public IPosterior Of(Tensor numbers)
    {
        var gaussian = Gaussian(numbers);
        return flow is null ? gaussian : new FlowPosterior(gaussian, flow, numbers.narrow(-1, GaussianWidth, contextSize));
    }

    private IPosterior Gaussian(Tensor numbers)
    {
        var mean = numbers.narrow(-1, 0, dimension);
        var logVariance = numbers.narrow(-1, dimension, dimension);
        if (covariance == PosteriorCovariance.Diagonal)
            return new DiagonalGaussian(mean, logVariance);
        var below = numbers.narrow(-1, 2L * dimension, BelowDiagonal);
        var entries = cat([(logVariance * Half).exp(), below, zeros_like(mean.narrow(-1, 0, 1))], -1);
        using var places = tensor(Places(), device: numbers.device);
        var factor = entries.index_select(-1, places).reshape([.. mean.shape[..^1], dimension, dimension]);
        return new FullGaussian(mean, factor);
    }

    /// <summary>Where each entry of L lies in [diagonal | rows below it | 0], row by row.</summary>
    private long[] Places()
    {
        var places = new long[dimension * dimension];
        for (int i = 0, below = dimension; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                places[i * dimension + j] = j == i ? i : j < i ? below++ : dimension + BelowDiagonal;
        }
        return places;
    }
}
