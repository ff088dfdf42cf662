using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>The squared exponential kernel, k = v exp(−r²/2): smooth functions.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), eq. 4.9.</remarks>
public sealed record RbfKernel : StationaryKernel
{
    private protected override string Name => "rbf";

    private protected override void Profile(Span<double> squares)
    {
        TensorPrimitives.Multiply(squares, -0.5, squares);
        TensorPrimitives.Exp(squares, squares);
    }

    private protected override void ProfileWithSlope(Span<double> squares, Span<double> values)
    {
        Profile(squares);
        squares.CopyTo(values);
        TensorPrimitives.Multiply(squares, -0.5, squares);
    }
}
