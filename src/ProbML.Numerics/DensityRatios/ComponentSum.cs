using System.Numerics.Tensors;

namespace ProbML.DensityRatios;

/// <summary>−Σ w ln p(y | φ) and its gradient, for log odds ln Σₖ exp(wₖ₀ + wₖᵀφ).</summary>
internal sealed class ComponentSum(double[] coefficients, int components) : IBlockSum<ComponentSum>
{
    private readonly int width = coefficients.Length / components;
    private readonly double[] gradient = new double[coefficients.Length], eta = new double[components];

    public double Loss { get; private set; }

    public ReadOnlySpan<double> Gradient => gradient;

    public void Clear()
    {
        Loss = 0;
        Array.Clear(gradient);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i), y = rows.Response[i];
            if (w <= 0)
                continue;
            var phi = rows.Row(i);
            for (int k = 0; k < components; k++)
                eta[k] = coefficients[k * width]
                    + TensorPrimitives.Dot(phi, coefficients.AsSpan(k * width + 1, width - 1));
            double odds = Evaluation.LogSum.Of(eta);
            Loss += w * LogLoss.Of(odds, y);
            double slope = w * (1 / (1 + Math.Exp(-odds)) - y);
            for (int k = 0; k < components; k++)
            {
                double own = slope * Math.Exp(eta[k] - odds);
                gradient[k * width] += own;
                var target = gradient.AsSpan(k * width + 1, width - 1);
                TensorPrimitives.MultiplyAdd(phi, own, target, target);
            }
        }
    }

    public void Merge(ComponentSum other)
    {
        Loss += other.Loss;
        TensorPrimitives.Add(gradient, other.gradient, gradient);
    }
}
