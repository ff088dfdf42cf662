using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.DensityRatios;

/// <summary>½ θᵀ(H + λI)θ − hᵀθ, of θ ≥ 0.</summary>
internal sealed class PenalisedSquares(double[] gram, double[] mean, double penalty) : INonNegativeObjective
{
    private readonly int b = mean.Length;
    private readonly double[] product = new double[mean.Length];

    public double Value(double[] theta)
    {
        Gemv.Multiply(gram, b, b, b, theta, product);
        TensorPrimitives.MultiplyAdd(theta, penalty, product, product);
        return 0.5 * TensorPrimitives.Dot<double>(theta, product) - TensorPrimitives.Dot<double>(mean, theta);
    }

    public void Gradient(double[] theta, double[] gradient)
    {
        Value(theta);
        TensorPrimitives.Subtract(product, mean, gradient);
    }

    public double[] Hessian(double[] theta, int[] free)
    {
        int count = free.Length;
        var part = new double[count * count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                part[i * count + j] = gram[free[i] * b + free[j]] + (i == j ? penalty : 0);
        return part;
    }

    public double Unit(int coefficient) => 1e-3 * mean[coefficient] / (gram[coefficient * b + coefficient] + penalty);
}
