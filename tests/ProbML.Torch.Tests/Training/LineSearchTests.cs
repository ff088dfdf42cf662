using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class LineSearchTests
{
    public static TheoryData<string, double> Lines => new()
    {
        { "quadratic", 1e-3 }, { "quadratic", 1 }, { "quadratic", 1e3 },
        { "quartic", 0.1 }, { "quartic", 50 },
        { "Moré–Thuente 1", 1e-3 }, { "Moré–Thuente 1", 10 },
        { "cosine", 1 }, { "cliff", 5 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_step_meets_both_Wolfe_conditions(string line, double first)
    {
        Func<double, (double Value, double Slope)> phi = line switch
        {
            "quadratic" => a => ((a - 3) * (a - 3), 2 * (a - 3)),
            "quartic" => a => (Math.Pow(a - 1, 4) + 0.1 * Math.Pow(a - 2, 2), 4 * Math.Pow(a - 1, 3) + 0.2 * (a - 2)),
            // Moré and Thuente (1994), eq. 5.1 with β = 2.
            "Moré–Thuente 1" => a => (-a / (a * a + 2), (a * a - 2) / Math.Pow(a * a + 2, 2)),
            "cosine" => a => (Math.Cos(a + 0.5) - 0.01 * a, -Math.Sin(a + 0.5) - 0.01),
            _ => a => a < 2 ? (-Math.Log(2 - a) * 0.1 - a, 0.1 / (2 - a) - 1) : (double.PositiveInfinity, double.NaN),
        };
        LinePoint At(double step) => new(step, phi(step).Value, phi(step).Slope);
        var start = At(0);
        var found = new StrongWolfe(At, start, 50).Search(first);
        Assert.NotNull(found);
        Assert.True(found.Value.Value <= start.Value + 1e-4 * found.Value.Step * start.Slope);
        Assert.True(Math.Abs(found.Value.Slope) <= 0.9 * Math.Abs(start.Slope));
    }

    [Fact]
    public void Where_nothing_is_lower_there_is_no_step() =>
        Assert.Null(new StrongWolfe(a => new(a, a * a, 2 * a), new(0, 0, -1), 20).Search(1));

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
