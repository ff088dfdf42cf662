namespace ProbML.Torch.Tests;

public sealed class TrainingDeviceTests
{
    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("CPU", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData(" Cuda:3 ", "cuda:3")]
    [InlineData("mps", "mps")]
    public void A_device_parses_and_prints(string text, string printed)
    {
        var device = TrainingDevice.Parse(text);
        Assert.Equal(printed, device.ToString());
        Assert.Equal(device, TrainingDevice.Parse(printed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda0")]
    public void What_is_no_device_is_refused(string text) =>
        Assert.Contains("auto, cpu, cuda", Assert.Throws<FormatException>(() => TrainingDevice.Parse(text)).Message);

    [Fact]
    public void Auto_never_fails_and_an_absent_device_that_was_asked_for_does()
    {
        var monitor = TrainingMonitor.None;
        TorchRuntime.EnsureLoaded();
        if (TorchSharp.torch.cuda.is_available())
            Assert.Skip("This machine has a CUDA device.");
        Assert.Equal("cpu", TrainingDevice.Auto.Resolve(monitor).ToString());
        Assert.Equal("cpu", TrainingDevice.Cpu.Resolve(monitor with { GpuDeviceId = 0, FallbackToCpu = false }).ToString());
        Assert.Contains("'cuda:1'", Assert.Throws<InvalidOperationException>(
            () => TrainingDevice.Cuda(1).Resolve(monitor)).Message);
        if (!OperatingSystem.IsMacOS())
            Assert.Contains("'mps'", Assert.Throws<InvalidOperationException>(
                () => TrainingDevice.Mps.Resolve(monitor)).Message);
    }

    [Fact]
    public void The_hosts_gpu_is_asked_for_and_the_cpu_stands_in_where_it_may()
    {
        TorchRuntime.EnsureLoaded();
        if (TorchSharp.torch.cuda.is_available())
            Assert.Skip("This machine has a CUDA device.");
        var warnings = new List<string>();
        var monitor = new TrainingMonitor { GpuDeviceId = 2, Warning = warnings.Add };
        Assert.Equal("cpu", TrainingDevice.Auto.Resolve(monitor).ToString());
        Assert.Contains("'cuda:2'", Assert.Single(warnings));
        Assert.Contains("FallbackToCpu", Assert.Throws<InvalidOperationException>(
            () => TrainingDevice.Auto.Resolve(monitor with { FallbackToCpu = false })).Message);
    }
}
