using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <summary>Kernels as tensors: a block of K(X, X), white noise included, differentiable by the kernel's free parameters.</summary>
/// <remarks>
/// Not one translation with that of ONNX, whose parameters and second inputs are constants folded beforehand: here they are what is
/// differentiated by.
/// </remarks>
internal static partial class TorchKernel
{
    /// <summary>K of a block, [rows, columns].</summary>
    /// <param name="kernel">k, for the number of features.</param>
    /// <param name="block">Which rows and columns.</param>
    public static Tensor Covariance(Kernel kernel, TorchBlock block) => Of(kernel, block, 0).expand(block.Rows, block.Columns);

    /// <summary>About how many matrices of a block's size are alive at once, with those that differentiation keeps.</summary>
    public static int Matrices(Kernel kernel, int features) => kernel switch
    {
        StationaryKernel => 9,
        PeriodicKernel one => 4 + 4 * Dims(one, features).Length,
        LinearKernel => 3,
        PolynomialKernel => 5,
        ArcCosineKernel => 20,
        VarianceKernel => 3,
        CoregionalisationKernel => 5,
        SpectralMixtureKernel one => one.Weights.Count * (2 + 9 * Dims(one, features).Length),
        ChangePointKernel one => 6 + Matrices(one.Before, features) + Matrices(one.After, features),
        CompositeKernel all => all.Parts.Sum(part => 2 + Matrices(part, features)),
        _ => throw Unknown(kernel),
    };

    /// <param name="kernel">k.</param>
    /// <param name="block">Which rows and columns.</param>
    /// <param name="at">The place of its first free parameter.</param>
    private static Tensor Of(Kernel kernel, TorchBlock block, int at) => kernel switch
    {
        StationaryKernel one => Stationary(one, block, at),
        PeriodicKernel one => Periodic(one, block, at),
        LinearKernel one => Linear(one, block, at),
        PolynomialKernel one => Polynomial(one, block, at),
        ConstantKernel one => block.Positive(one.Variance, at).expand(block.Rows, block.Columns),
        WhiteKernel one => block.IsSelf().to(ScalarType.Float64) * block.Positive(one.Variance, at),
        ChangePointKernel one => ChangePoint(one, block, at),
        SpectralMixtureKernel one => Spectral(one, block, at),
        ArcCosineKernel one => ArcCosine(one, block, at),
        CoregionalisationKernel one => Coregionalisation(one, block, at),
        SumKernel all => Parts(all, block, at).Aggregate((left, right) => left.Plus(right)),
        ProductKernel all => Parts(all, block, at).Aggregate((left, right) => left * right),
        _ => throw Unknown(kernel),
    };

    private static IEnumerable<Tensor> Parts(CompositeKernel kernel, TorchBlock block, int at)
    {
        foreach (var part in kernel.Parts)
        {
            yield return Of(part, block, at);
            at += part.ParameterCount;
        }
    }

    private static NotSupportedException Unknown(Kernel kernel) => new($"The kernel {kernel} cannot be computed on a device.");

    private static int[] Dims(FeatureKernel kernel, int features) =>
        kernel.Dims is null ? [.. Enumerable.Range(0, features)] : [.. kernel.Dims];

    /// <summary>c − x.</summary>
    private static Tensor LessThan(double constant, Tensor x) => x.neg().Plus(Scalars.Of(constant));

    /// <summary>A function's value, of which the derivative by x is given: where automatic differentiation would divide by zero.</summary>
    private static Tensor WithSlope(Tensor value, Tensor slope, Tensor x) =>
        x.requires_grad ? value.Plus(slope * (x - x.detach())) : value;

    private static Tensor Stationary(StationaryKernel kernel, TorchBlock block, int at)
    {
        int[] dims = Dims(kernel, block.Features);
        var squares = block.ScaledSquares(dims, kernel.Lengthscale, at + 1);
        return Profile(kernel, squares, block, at + 1 + kernel.Lengthscale.Count) * block.Positive(kernel.Variance, at);
    }

    private static Tensor Profile(StationaryKernel kernel, Tensor squares, TorchBlock block, int at)
    {
        switch (kernel)
        {
            case RbfKernel:
                return squares.mul(Scalars.Of(-0.5)).exp();
            case RationalQuadraticKernel rq:
                var alpha = block.Positive(rq.Alpha, at);
                return (alpha.neg() * (squares / alpha).mul(Scalars.Of(0.5)).log1p()).exp();
            case MaternKernel matern:
                var (value, slope) = Matern(matern.Smoothness, squares.detach());
                return WithSlope(value, slope, squares);
            default:
                throw Unknown(kernel);
        }
    }

    /// <summary>f(r²) and f′ = df/dr², 0 where it is infinite.</summary>
    private static (Tensor Value, Tensor Slope) Matern(MaternSmoothness smoothness, Tensor squares)
    {
        var s = squares.sqrt().mul(Scalars.Of(Math.Sqrt((int)smoothness)));
        var decay = s.neg().exp();
        switch (smoothness)
        {
            case MaternSmoothness.Half:
                return (decay, (decay / s).mul(Scalars.Of(-0.5)).masked_fill(s.eq(Scalars.Of(0)), Scalars.Of(0)));
            case MaternSmoothness.ThreeHalves:
                return (s.Plus(Scalars.Of(1)) * decay, decay.mul(Scalars.Of(-1.5)));
            default:
                var linear = s.Plus(Scalars.Of(1));
                return (linear.add(s * s, Scalars.Of(1 / 3.0)) * decay, (linear * decay).mul(Scalars.Of(-5 / 6.0)));
        }
    }

    private static Tensor Periodic(PeriodicKernel kernel, TorchBlock block, int at)
    {
        var lengthscale = block.Positive(kernel.Lengthscale, at + 1);
        var period = block.Positive(kernel.Period, at + 2);
        var squares = Dims(kernel, block.Features)
            .Select(dim => (block.Difference(dim).mul(Scalars.Of(Math.PI)) / period).sin().square())
            .Aggregate((left, right) => left.Plus(right));
        return (squares.mul(Scalars.Of(-2)) / lengthscale.square()).exp() * block.Positive(kernel.Variance, at);
    }

    private static Tensor Linear(LinearKernel kernel, TorchBlock block, int at)
    {
        int[] dims = Dims(kernel, block.Features);
        return (block.Own(dims) * block.Positive([.. kernel.Variance], at)).matmul(block.Others(dims));
    }

    private static Tensor Polynomial(PolynomialKernel kernel, TorchBlock block, int at)
    {
        int[] dims = Dims(kernel, block.Features);
        var products = block.Own(dims).matmul(block.Others(dims)).Plus(block.Positive(kernel.Offset, at + 1));
        return products.pow(Scalars.Of(kernel.Degree)) * block.Positive(kernel.Variance, at);
    }

    private static Tensor ChangePoint(ChangePointKernel kernel, TorchBlock block, int at)
    {
        var location = block.Plain([kernel.Location], at);
        var steepness = block.Positive(kernel.Steepness, at + 1);
        Tensor s = Share(block.Own(kernel.Dim)), t = Share(block.Other(kernel.Dim));
        var before = Of(kernel.Before, block, at + 2);
        var after = Of(kernel.After, block, at + 2 + kernel.Before.ParameterCount);
        return (LessThan(1, s) * LessThan(1, t) * before).Plus(s * t * after);

        Tensor Share(Tensor x) => ((x - location) * steepness).sigmoid();
    }
}
