using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>Least squares: ½ (y − xᵀβ − β₀)², the smallest objective whose answer is known.</summary>
internal sealed class LinearObjective : ITrainingObjective, IDisposable
{
    private readonly TorchSharp.Modules.Linear linear;

    public LinearObjective(int features)
    {
        TorchRuntime.EnsureLoaded();
        linear = nn.Linear(features, 1);
        using var gradients = no_grad();
        linear.weight!.zero_();
        linear.bias!.zero_();
    }

    public nn.Module Module => linear;

    /// <summary>Changes a loss before it is returned.</summary>
    public Func<Tensor, TrainingStep, Tensor>? Change { get; init; }

    public float[] Weights => [.. linear.weight!.detach().data<float>()];

    public float Bias => linear.bias!.item<float>();

    public Tensor Loss(TrainingBatch batch, TrainingStep step)
    {
        var error = (linear.call(batch.Features).squeeze(1) - batch.Response!).square();
        step.Record("SquaredError", batch.Mean(error));
        var loss = batch.Mean(error) / 2;
        return Change is null ? loss : Change(loss, step);
    }

    public void Dispose() => linear.Dispose();

    /// <summary>Rows y = 1 + 2 x₁ − 3 x₂ + ... without noise, or with.</summary>
    public static MatrixDesign Rows(int count, int features = 3, double noise = 0, double[]? weights = null)
    {
        var random = new Random(7);
        double[] x = new double[count * features], y = new double[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = 1 + noise * (random.NextDouble() - 0.5);
            for (int j = 0; j < features; j++)
            {
                x[i * features + j] = 2 * random.NextDouble() - 1;
                y[i] += Coefficient(j) * x[i * features + j];
            }
        }
        return new(x, y, weights: weights);
    }

    public static double Coefficient(int feature) => feature % 2 == 0 ? 2 + feature : -2 - feature;
}
