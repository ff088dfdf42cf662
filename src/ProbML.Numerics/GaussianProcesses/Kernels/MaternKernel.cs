using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>How often a Matérn function can be differentiated: ν = ½, 3/2 or 5/2.</summary>
public enum MaternSmoothness
{
    /// <summary>ν = ½: k = v exp(−r), continuous, rough functions (Ornstein–Uhlenbeck).</summary>
    Half = 1,

    /// <summary>ν = 3/2: k = v (1 + √3 r) exp(−√3 r), once differentiable.</summary>
    ThreeHalves = 3,

    /// <summary>ν = 5/2: k = v (1 + √5 r + 5r²/3) exp(−√5 r), twice differentiable.</summary>
    FiveHalves = 5,
}

/// <summary>The Matérn kernel of half-integer smoothness.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), eqs. 4.14–4.17.</remarks>
/// <param name="Smoothness">ν.</param>
public sealed record MaternKernel(MaternSmoothness Smoothness) : StationaryKernel
{
    private protected override string Name => $"matern{(int)Smoothness}2";

    private protected override void Profile(Span<double> squares)
    {
        using var scratch = new Scratch(squares.Length);
        var values = scratch.Span;
        ProfileWithSlope(squares, values);
        values.CopyTo(squares);
    }

    private protected override void ProfileWithSlope(Span<double> squares, Span<double> values)
    {
        double root = Math.Sqrt((int)Smoothness);
        using var scratch = new Scratch(squares.Length);
        var distances = scratch.Span;
        TensorPrimitives.Sqrt(squares, distances);
        TensorPrimitives.Multiply(distances, root, distances);           // s = √(2ν) r
        TensorPrimitives.Negate(distances, values);
        TensorPrimitives.Exp(values, values);
        for (int j = 0; j < values.Length; j++)
        {
            double s = distances[j], decay = values[j];
            (values[j], squares[j]) = Smoothness switch
            {
                MaternSmoothness.Half => (decay, s > 0 ? -0.5 * decay / s : 0),
                MaternSmoothness.ThreeHalves => ((1 + s) * decay, -1.5 * decay),
                _ => ((1 + s + s * s / 3) * decay, -5 / 6.0 * (1 + s) * decay),
            };
        }
    }
}
