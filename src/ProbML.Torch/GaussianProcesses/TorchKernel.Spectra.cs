using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <content>Spectral mixtures, arc-cosine kernels, and outputs that are named.</content>
internal static partial class TorchKernel
{
    private static Tensor Spectral(SpectralMixtureKernel kernel, TorchBlock block, int at)
    {
        int[] dims = Dims(kernel, block.Features);
        int count = kernel.Weights.Count, each = kernel.Frequencies.Count / count;
        var weights = block.Positive([.. kernel.Weights], at);
        var frequencies = block.Positive([.. kernel.Frequencies], at + count);
        var bandwidths = block.Positive([.. kernel.Bandwidths], at + count + kernel.Frequencies.Count);
        return Enumerable.Range(0, count).Select(Component).Aggregate((left, right) => left.Plus(right));

        Tensor Component(int q)
        {
            var product = weights.select(0, q);
            for (int d = 0; d < each; d++)
            {
                var turn = block.Difference(dims[d]).mul(Scalars.Of(2 * Math.PI));
                var width = turn * bandwidths.select(0, q * each + d);
                var wave = (turn * frequencies.select(0, q * each + d)).cos();
                product = product * (width.square().mul(Scalars.Of(-0.5)).exp() * wave);
            }
            return product;
        }
    }

    private static Tensor ArcCosine(ArcCosineKernel kernel, TorchBlock block, int at)
    {
        int[] dims = Dims(kernel, block.Features);
        var variance = block.Positive(kernel.Variance, at);
        var weight = block.Positive(kernel.WeightVariance, at + 1);
        var bias = block.Positive(kernel.BiasVariance, at + 2);
        Tensor own = block.Own(dims), others = block.Others(dims);
        var a = (own.square().sum(1, keepdim: true) * weight).Plus(bias);
        var b = (others.square().sum(0, keepdim: true) * weight).Plus(bias);
        var root = (a * b).sqrt();
        var cosine = (own.matmul(others) * weight).Plus(bias) / root;
        var (angular, slope) = Angular(kernel.Order, cosine.detach());
        var order = Scalars.Of(kernel.Order);
        var value = root.pow(order) * WithSlope(angular, slope, cosine) * variance.mul(Scalars.Of(1 / Math.PI));
        // Of a row with itself the angle is zero exactly.
        var diagonal = (a.pow(order) * variance).mul(Scalars.Of(kernel.Order == 2 ? 3 : 1)).expand(block.Rows, block.Columns);
        return diagonal.where(block.IsSelf(), value);
    }

    /// <summary>J(θ) and dJ/d cos θ, 0 where it is infinite.</summary>
    private static (Tensor Value, Tensor Slope) Angular(int order, Tensor product)
    {
        var cosine = product.clamp(Scalars.Of(-1), Scalars.Of(1));
        // θ from the chord: arccos loses half its digits near 1.
        var sine = (LessThan(1, cosine) * cosine.Plus(Scalars.Of(1))).clamp(Scalars.Of(0), Scalars.Of(double.PositiveInfinity)).sqrt();
        var left = LessThan(Math.PI, atan2(sine, cosine));
        switch (order)
        {
            case 0:
                return (left, sine.reciprocal().masked_fill(sine.eq(Scalars.Of(0)), Scalars.Of(0)));
            case 1:
                return (sine.Plus(left * cosine), left);
            default:
                var turned = (cosine.square().mul(Scalars.Of(2)).Plus(Scalars.Of(1)) * left).add(sine * cosine, Scalars.Of(3));
                return (turned, sine.Plus(left * cosine).mul(Scalars.Of(4)));
        }
    }

    private static Tensor Coregionalisation(CoregionalisationKernel kernel, TorchBlock block, int at)
    {
        int outputs = kernel.Outputs, rank = kernel.Rank;
        var covariance = diag(block.Positive([.. kernel.Variances], at + outputs * rank));
        if (rank > 0)
        {
            var loadings = block.Plain([.. kernel.Loadings], at).reshape(outputs, rank);
            covariance = covariance.Plus(loadings.matmul(loadings.t()));
        }
        var (own, isOwn) = Places(block.Own(kernel.Dim).squeeze(1));
        var (other, isOther) = Places(block.Other(kernel.Dim).squeeze(0));
        var chosen = covariance.index_select(0, own).index_select(1, other);
        var isNone = isOwn.unsqueeze(1).logical_and(isOther.unsqueeze(0)).logical_not();
        return chosen.masked_fill(isNone, Scalars.Of(double.NaN));

        (Tensor Place, Tensor IsOne) Places(Tensor names)
        {
            var place = names.add(Scalars.Of(-kernel.First), Scalars.Of(1));
            var isOne = place.ge(Scalars.Of(0)).logical_and(place.lt(Scalars.Of(outputs))).logical_and(place.eq(place.floor()));
            return (place.masked_fill(isOne.logical_not(), Scalars.Of(0)).to(ScalarType.Int64), isOne);
        }
    }
}
