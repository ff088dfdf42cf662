using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>The fused steps against the formulas they are named after, in double precision.</summary>
public sealed class StepRuleTests
{
    private static readonly double[] Start = [0.5, -1, 2];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 0.1)]
    [InlineData(true, 0.1)]
    public void Adam_steps_as_Kingma_and_Ba_write(bool decoupled, double decay)
    {
        double[] theta = [.. Start], m = new double[3], v = new double[3];
        const double Rate = 0.01, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6;
        double[][] gradients = [[1, -2, 0.5], [0.3, 0.1, -4], [2, 2, 2]];
        for (int t = 1; t <= 3; t++)
        {
            for (int j = 0; j < 3; j++)
            {
                double g = gradients[t - 1][j] + (decoupled ? 0 : decay * theta[j]);
                if (decoupled)
                    theta[j] -= Rate * decay * theta[j];
                m[j] = Beta1 * m[j] + (1 - Beta1) * g;
                v[j] = Beta2 * v[j] + (1 - Beta2) * g * g;
                double corrected = m[j] / (1 - Math.Pow(Beta1, t)), square = v[j] / (1 - Math.Pow(Beta2, t));
                theta[j] -= Rate * corrected / (Math.Sqrt(square) + Epsilon);
            }
        }
        var rule = new AdamOptimizer
        {
            Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, DecoupledWeightDecay = decoupled,
        };
        AssertClose(theta, Steps(rule, decay, Rate, gradients));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Sgd_steps_as_PyTorch_writes(double momentum, bool nesterov)
    {
        double[] theta = [.. Start], b = new double[3];
        const double Rate = 0.1, Decay = 0.01;
        double[][] gradients = [[1, -2, 0.5], [0.3, 0.1, -4], [2, 2, 2]];
        foreach (double[] gradient in gradients)
        {
            for (int j = 0; j < 3; j++)
            {
                double g = gradient[j] + Decay * theta[j];
                b[j] = momentum * b[j] + g;
                theta[j] -= Rate * (nesterov ? g + momentum * b[j] : b[j]);
            }
        }
        var rule = new SgdOptimizer { Momentum = momentum, Nesterov = nesterov };
        AssertClose(theta, Steps(rule, Decay, Rate, gradients));
    }

    [Fact]
    public void Parameters_without_a_gradient_stay()
    {
        using var module = new Parameters();
        var all = NamedTensors.ParametersOf(module);
        using var rule = StepRule.Create(new(), all);
        using var gradients = no_grad();
        using var slope = ones(1, dtype: ScalarType.Float64);
        rule.Step([1], [slope], 0.1);
        Assert.Equal(Start[0], all.Values[0].item<double>());
        Assert.Equal(Start[1] - 0.1, all.Values[1].item<double>(), 1e-6);
    }

    [Fact]
    public void Clipping_shortens_long_gradients_and_leaves_short_ones()
    {
        TorchRuntime.EnsureLoaded();
        Tensor[] gradients = [tensor(new double[] { 3, 0 }), tensor(new double[] { 4 })];
        using var norm = FusedKernels.Norm(gradients);
        Assert.Equal(5, norm.item<double>(), 1e-12);
        FusedKernels.Clip(gradients, norm, limit: 10);
        Assert.Equal(4, gradients[1].item<double>(), 1e-12);
        FusedKernels.Clip(gradients, norm, limit: 1);
        Assert.Equal(0.8, gradients[1].item<double>(), 1e-6);
        Assert.Equal(0.6, gradients[0][0].item<double>(), 1e-6);
    }

    [Fact]
    public void An_average_moves_by_its_share()
    {
        TorchRuntime.EnsureLoaded();
        using var average = tensor(new double[] { 1 });
        using var value = tensor(new double[] { 3 });
        FusedKernels.Average([average], [value], 0.25);
        Assert.Equal(1.5, average.item<double>(), 1e-12);
    }

    private static double[] Steps(TrainingOptimizer optimizer, double decay, double rate, double[][] gradients)
    {
        using var module = new Parameters();
        var all = NamedTensors.ParametersOf(module);
        using var rule = StepRule.Create(new() { Optimizer = optimizer, WeightDecay = decay }, all);
        using var off = no_grad();
        foreach (double[] gradient in gradients)
        {
            using var scope = NewDisposeScope();
            rule.Step([0, 1, 2], [.. gradient.Select(one => tensor(new[] { one }))], rate);
        }
        return [.. all.Values.Select(one => one.item<double>())];
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        for (int j = 0; j < expected.Length; j++)
            Assert.Equal(expected[j], actual[j], 1e-6);
    }

    private sealed class Parameters : nn.Module
    {
        public Parameters()
            : base(nameof(Parameters))
        {
            TorchRuntime.EnsureLoaded();
            for (int j = 0; j < Start.Length; j++)
                register_parameter($"p{j}", nn.Parameter(tensor(new[] { Start[j] })));
        }
    }
}
