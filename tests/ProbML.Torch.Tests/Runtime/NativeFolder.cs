namespace ProbML.Torch.Tests;

/// <summary>Where the packages' native libraries lie beside the tests.</summary>
internal static class NativeFolder
{
    public static string Packages { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
}
