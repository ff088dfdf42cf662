using TorchSharp;

namespace ProbML.Torch.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Torch_works_once_it_is_loaded()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(6, torch.ones(2, 3).sum().item<float>());
    }
}
