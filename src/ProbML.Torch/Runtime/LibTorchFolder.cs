using System.Runtime.InteropServices;

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
    /// <exception cref="InvalidOperationException">It is of another version, and the user did not ask to try it.</exception>
    public static void CheckVersion(nint torchCpu)
    {
        if (!NativeLibrary.TryGetExport(torchCpu, "aoti_torch_abi_version", out nint export))
            return;
        ulong version = ((delegate* unmanaged<ulong>)export)();
        if (version >> 48 == Expected || Environment.GetEnvironmentVariable(AnyVersionVariable) == "1")
            return;
        throw new InvalidOperationException(
            $"libtorch {version >> 56}.{(version >> 48) & 0xff} was found, but TorchSharp needs {Version}. Point "
            + $"{TorchRuntime.FolderVariable} at a PyTorch {Version} installation, or set {AnyVersionVariable}=1 to try it.");
    }
}
