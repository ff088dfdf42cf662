using System.Runtime.CompilerServices;

namespace ProbML.Torch.Tests;

/// <summary>Loads libtorch before any test touches a module: which test comes first is chance.</summary>
internal static class LoadTorch
{
#pragma warning disable CA2255 // a test assembly is an application
    [ModuleInitializer]
    internal static void Load() => TorchRuntime.EnsureLoaded();
#pragma warning restore CA2255
}
