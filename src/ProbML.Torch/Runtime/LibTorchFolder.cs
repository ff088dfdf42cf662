using System.Runtime.InteropServices;
using TorchSharp;

namespace ProbML;

/// <summary>The libtorch of an existing PyTorch installation, and the version of whichever was loaded.</summary>
internal static unsafe class LibTorchFolder
{
    /// <summary>The version TorchSharp was built against.</summary>
    public const string Version = "2.10";

    /// <summary>Set to 1, libtorch of another version is tried: at the user's risk, since object layouts may differ.</summary>
    public const string AnyVersionVariable = "PROBML_LIBTORCH_ANY";

    private const ulong Expected = 0x020A;

    /// <summary>Loads its libraries, each if present, so that TorchSharp's loads by name find them loaded.</summary>
    /// <exception cref="DllNotFoundException">The folder is not there, or has no libtorch.</exception>
    public static void Load(string folder)
    {
        var (prefix, suffix) = OperatingSystem.IsWindows() ? ("", ".dll")
            : OperatingSystem.IsMacOS() ? ("lib", ".dylib")
            : ("lib", ".so");
        if (!File.Exists(Path.Combine(folder, $"{prefix}torch_cpu{suffix}")))
        {
            throw new DllNotFoundException(
                $"{TorchRuntime.FolderVariable} is '{folder}', which has no {prefix}torch_cpu{suffix}. Set it to the lib "
                + $"folder of a PyTorch {Version} installation, or unset it.");
        }
        foreach (string name in new[] { "torch_global_deps", "c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch" })
        {
            string path = Path.Combine(Path.GetFullPath(folder), prefix + name + suffix);
            if (File.Exists(path))
                NativeLibrary.Load(path);
        }
    }

    /// <summary>Refuses libtorch of another version, before a tensor of another layout is made.</summary>
    /// <param name="torchCpu">The library.</param>
    /// <param name="packages">What to say where it is the system's, found for want of another.</param>
    /// <returns>Whether it is the version TorchSharp was built against; false: another, which the user asked to try.</returns>
    /// <exception cref="DllNotFoundException">Only the system has one, of another version.</exception>
    /// <exception cref="InvalidOperationException">The folder has one of another version.</exception>
    public static bool CheckVersion(nint torchCpu, string packages)
    {
        // Releases before 2.9 do not tell their version.
        ulong version = NativeLibrary.TryGetExport(torchCpu, "aoti_torch_abi_version", out nint export)
            ? ((delegate* unmanaged<ulong>)export)()
            : 0;
        if (version >> 48 == Expected)
            return true;
        if (Environment.GetEnvironmentVariable(AnyVersionVariable) == "1")
            return false;
        string found = version == 0
            ? $"libtorch of a version before {Version}"
            : $"libtorch {version >> 56}.{(version >> 48) & 0xff}";
        throw Environment.GetEnvironmentVariable(TorchRuntime.FolderVariable) is { Length: > 0 } folder
            ? new InvalidOperationException(
                $"{TorchRuntime.FolderVariable} is '{folder}', which has {found}, but TorchSharp needs {Version}. Point it "
                + $"at a PyTorch {Version} installation, or set {AnyVersionVariable}=1 to try it at your own risk.")
            : new DllNotFoundException($"The only libtorch found is {found}, and TorchSharp needs {Version}. {packages}");
    }

    /// <summary>Uses what another version's object layouts would break, and compares with known results.</summary>
    /// <exception cref="InvalidOperationException">A result is not what it has to be.</exception>
    public static void SelfTest()
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            using var x = torch.ones(2, 3);
            Expect("the shape of a tensor", x.shape is [2, 3]);
            Expect("the number of its elements", x.NumberOfElements == 6);
            Expect("their sum", x.sum().item<float>() == 6);
            using var linear = torch.nn.Linear(3, 1);
            using (torch.no_grad())
            {
                linear.weight!.fill_(Scalars.Of(2));
                linear.bias!.fill_(Scalars.Of(1));
            }
            var loss = linear.call(x).square().sum();
            Expect("a linear layer", loss.item<float>() == 98);
            loss.backward();
            Expect("a gradient", linear.weight!.grad!.sum().item<float>() == 84);
            Expect("another", linear.bias!.grad!.item<float>() == 28);
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException(NotUsable("tensors at all"), e);
        }
    }

    private static void Expect(string what, bool holds)
    {
        if (!holds)
            throw new InvalidOperationException(NotUsable(what));
    }

    private static string NotUsable(string what) =>
        $"This libtorch does not work with TorchSharp: it fails at {what}. Use a PyTorch {Version} installation.";
}
