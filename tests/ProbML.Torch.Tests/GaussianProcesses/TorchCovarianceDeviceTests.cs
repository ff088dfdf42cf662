using ProbML.GaussianProcesses;

namespace ProbML.Torch.Tests.GaussianProcesses;

/// <summary>What a device refuses, and what it says.</summary>
public sealed class TorchCovarianceDeviceTests
{
    private static readonly Kernel kernel = new RbfKernel();

    [Fact]
    public void A_device_without_64_bit_numbers_is_refused() => Assert.Contains(
        "64-bit", Assert.Throws<ArgumentOutOfRangeException>(() => new TorchCovarianceDevice { Device = TrainingDevice.Mps }).Message);

    [Fact]
    public void Bytes_are_positive()
    {
        Assert.Equal("BlockBytes", Assert.Throws<ArgumentOutOfRangeException>(() => new TorchCovarianceDevice { BlockBytes = 0 }).ParamName);
        Assert.Equal("MemoryLimit", Assert.Throws<ArgumentOutOfRangeException>(() => new TorchCovarianceDevice { MemoryLimit = -1 }).ParamName);
    }

    [Fact]
    public void It_is_a_value()
    {
        Assert.Equal(new TorchCovarianceDevice { Device = TrainingDevice.Cpu }, new TorchCovarianceDevice { Device = TrainingDevice.Parse("cpu") });
        Assert.NotEqual(new TorchCovarianceDevice(), new TorchCovarianceDevice { Device = TrainingDevice.Cpu });
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_refused_when_the_fit_begins()
    {
        var options = new GaussianProcessOptions { Device = new TorchCovarianceDevice { Device = TrainingDevice.Cuda(99) } };
        var error = Assert.Throws<InvalidOperationException>(
            () => new GaussianProcessFitter(options).Fit(new MatrixDesign([0, 1, 2], [0, 1, 0]), TrainingMonitor.None));
        Assert.Contains("'cuda:99'", error.Message);
    }

    [Fact]
    public void Matrices_beyond_the_limit_are_refused_with_their_bytes()
    {
        var x = InputColumns.FromRows(DeviceCases.Numbers(100, 1), 1);
        using var matrix = new TorchCovarianceDevice { Device = TrainingDevice.Cpu, MemoryLimit = 200_000 }.Open(x);
        var error = Assert.Throws<InsufficientMemoryException>(() => matrix.Factor(kernel, new double[100], 0));
        foreach (string part in (string[])["100 rows", "240000 bytes", "200000", "SGPR", "SVGP", "ConjugateGradientInference"])
            Assert.Contains(part, error.Message);
        Assert.Equal(100, matrix.Multiply(kernel, new double[100], new double[100], 1).Length);        // holds no covariance
    }

    [Fact]
    public void Memory_that_ends_is_told_with_what_to_do()
    {
        // 8 · 10¹² bytes for the matrix of a million rows: no machine of today has them.
        using var matrix = new TorchCovarianceDevice { Device = TrainingDevice.Cpu }.Open(InputColumns.FromRows(new double[1_000_000], 1));
        var error = Assert.Throws<InsufficientMemoryException>(() => matrix.Factor(kernel, new double[1_000_000], 0));
        Assert.Contains("24000000000000 bytes", error.Message);
        Assert.Contains("SVGP", error.Message);
    }

    [Fact]
    public void What_is_not_positive_definite_has_no_factor()
    {
        using var matrix = new TorchCovarianceDevice { Device = TrainingDevice.Cpu }.Open(InputColumns.FromRows([0, 1, 2], 1));
        Assert.Null(matrix.Factor(kernel, [-2, -2, -2], 0));
        Assert.Null(matrix.Factor(kernel, [double.NaN, 1, 1], 0));
        Assert.Throws<ArgumentException>(() => matrix.Multiply(kernel, [1, 1, 1], [1, 2], 1));
    }

    [Fact]
    public void Other_inferences_and_classes_have_no_device()
    {
        var options = new GaussianProcessOptions { Device = new TorchCovarianceDevice { Device = TrainingDevice.Cpu } };
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianProcessFitter(options with { Inference = new SparseVariationalInference() }));
        Assert.Equal("Device", error.ParamName);
        Assert.Contains("Exact", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(options, PredictionTask.BinaryClassification));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessClassFitter(["a", "b", "c"], options));
    }
}
