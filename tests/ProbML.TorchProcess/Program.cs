using ProbML;
using TorchSharp;

// No argument: loads libtorch and prints a sum, which libtorch that was, and what lies beside the application.
// "relaxed": first makes, from the library in the folder given, the copy that RHEL 9 would need, and loads that alone.
try
{
    if (args is ["relaxed", var folder])
    {
        foreach (string name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            System.Runtime.InteropServices.NativeLibrary.Load(Path.Combine(folder, name));
        byte[] image = File.ReadAllBytes(Path.Combine(folder, "libLibTorchSharp.so"));
        bool changed = ElfVersions.Relax(image, version => version is not ("GLIBCXX_3.4.30" or "GLIBCXX_3.4.32"));
        Console.WriteLine($"changed {changed}, loaded {NativeImage.Load(image, "libLibTorchSharp.so") != 0}");
        return 0;
    }
    TorchRuntime.EnsureLoaded();
    using var ones = torch.ones(2, 3);
    using var sum = ones.sum();
    Console.WriteLine($"sum {sum.item<float>()}");
    var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains("libtorch_cpu", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct();
    Console.WriteLine($"mapped {string.Join(' ', mapped)}");
    Console.WriteLine($"copied {Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu"))}");
    return 0;
}
#pragma warning disable CA1031 // What it is goes to the caller
catch (Exception e)
#pragma warning restore CA1031
{
    Console.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}
