using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>The rational quadratic kernel, k = v (1 + r²/(2α))^(−α): a mixture of lengthscales.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), eq. 4.19.</remarks>
public sealed record RationalQuadraticKernel : StationaryKernel
{
    private readonly double alpha = 1;

    /// <summary>α &gt; 0: small, lengthscales differ much; large, the kernel is the squared exponential one.</summary>
    public double Alpha
    {
        get => alpha;
        init => alpha = Positive(value, nameof(Alpha));
    }

    private protected override string Name => "rq";

    private protected override int ShapeCount => 1;

    private protected override IReadOnlyList<string> ShapeNames => ["alpha"];

    private protected override string?[] ShapeArguments => [Alpha == 1 ? null : Number("alpha", Alpha)];

    private protected override void Profile(Span<double> squares)
    {
        TensorPrimitives.Multiply(squares, 0.5 / Alpha, squares);
        TensorPrimitives.LogP1(squares, squares);
        TensorPrimitives.Multiply(squares, -Alpha, squares);
        TensorPrimitives.Exp(squares, squares);
    }

    private protected override void ProfileWithSlope(Span<double> squares, Span<double> values)
    {
        squares.CopyTo(values);
        Profile(values);
        for (int j = 0; j < squares.Length; j++)
            squares[j] = -0.5 * values[j] / (1 + 0.5 * squares[j] / Alpha);
    }

    private protected override void AddShapeGradient(
        ReadOnlySpan<double> squares, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        double sum = 0;
        for (int j = 0; j < squares.Length; j++)
        {
            double excess = 0.5 * squares[j] / Alpha, log = Elementary.Log1p(excess);
            sum += weights[j] * Alpha * Math.Exp(-Alpha * log) * (excess / (1 + excess) - log);
        }
        gradient[0] += Variance * sum;
    }

    private protected override void GetShape(Span<double> free) => free[0] = Math.Log(Alpha);

    private protected override StationaryKernel WithShape(ReadOnlySpan<double> free) =>
        this with { Alpha = Math.Exp(free[0]) };
}
