using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class LbfgsTests
{
    [Fact]
    public void Lbfgs_finds_Rosenbrocks_minimum()
    {
        using var objective = new Rosenbrock();
        using var rows = zeros(1, 1);
        var receipt = new TorchTrainer(new()
        {
            Epochs = 100,
            Optimizer = TrainingOptimizer.Lbfgs,
            Precision = TrainingPrecision.DoublePrecision,
        }).Train(objective, new TrainingBatch(rows), TrainingMonitor.None);
        Assert.Equal(TrainingEnding.Converged, receipt.Ending);
        Assert.True(receipt.Steps < 60, $"{receipt.Steps} iterations");
        Assert.All(objective.Position, one => Assert.Equal(1, one, 1e-4));
    }

    /// <summary>Σ 100 (x₂ − x₁²)² + (1 − x₁)² from (−1.2, 1). Rosenbrock (1960).</summary>
    private sealed class Rosenbrock : nn.Module, ITrainingObjective
    {
        private readonly TorchSharp.Modules.Parameter position;

        public Rosenbrock()
            : base(nameof(Rosenbrock))
        {
            TorchRuntime.EnsureLoaded();
            position = nn.Parameter(tensor(new double[] { -1.2, 1 }));
            RegisterComponents();
        }

        public nn.Module Module => this;

        public double[] Position => [.. position.detach().data<double>()];

        public Tensor Loss(TrainingBatch batch, TrainingStep step)
        {
            Tensor x = position[0], y = position[1];
            return 100 * (y - x * x).square() + (1 - x).square();
        }
    }
}
