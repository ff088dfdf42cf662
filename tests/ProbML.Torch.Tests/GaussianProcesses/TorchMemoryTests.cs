using ProbML.GaussianProcesses;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.GaussianProcesses;

/// <summary>No evaluation leaves a tensor behind.</summary>
[Collection(nameof(ProcessWideTests))]
public sealed class TorchMemoryTests
{
    [Fact]
    public void Memory_is_flat_over_evaluations()
    {
        var x = DeviceCases.Inputs();
        double[] y = DeviceCases.Response(x), noise = [.. y.Select(_ => 0.3)], refused = [.. y.Select(_ => -9.0)];
        var counts = new List<long>();
        for (int run = 0; run < 6; run++)
        {
            foreach (string text in DeviceCases.Kernels)
            {
                var kernel = DeviceCases.Shaped(text);
                using var matrix = DeviceCases.Device(kernel).Open(x);
                using var factor = matrix.Factor(kernel, noise, 1e-8)!;
                double[] alpha = [.. y], diagonal = new double[y.Length];
                factor.Solve(alpha);
                factor.Gradient(alpha, diagonal);
                factor.Lower();
                matrix.Multiply(kernel, noise, y, 1);
                matrix.Gradient(kernel, y, y, 1);
                Assert.Null(matrix.Factor(kernel, refused, 0));
            }
            counts.Add(Tensor.TotalCount);
        }
        Assert.InRange(counts[^1] - counts[1], -1_000, 0);
    }
}
