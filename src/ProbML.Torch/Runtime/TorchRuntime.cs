using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace ProbML;

/// <summary>Loads libtorch, on Linux systems older than the one TorchSharp was built on as well.</summary>
/// <remarks>
/// TorchSharp 0.107.0 asks for a symbol version of GCC 13's libstdc++ that nothing in it uses; Debian 12, Ubuntu 22.04 and
/// RHEL 9 lack it and refuse the library. Where, and only where, the library as shipped does not load, a copy in memory with
/// that version marked weak is loaded in its place. No file is changed. glibc 2.34 is needed in any case.
/// </remarks>
public static partial class TorchRuntime
{
    /// <summary>The environment variable that names the lib folder of an existing PyTorch installation.</summary>
    public const string FolderVariable = "PROBML_LIBTORCH";

    private const string Wrapper = "LibTorchSharp";

    private static readonly Lock Gate = new();
    private static readonly Lock PatchGate = new();
    private static volatile bool ready;
    private static bool hooked;
    private static nint patched;
    private static nint standardLibrary;

    /// <summary>Makes TorchSharp usable; the first call loads libtorch, later ones cost nothing.</summary>
    /// <remarks>To be called before the first use of <c>torch</c>, whose failed initialisation would be final.</remarks>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    /// <exception cref="InvalidOperationException">The libtorch at hand is of another version.</exception>
    public static void EnsureLoaded()
    {
        if (ready)
            return;
        lock (Gate)
        {
            if (ready)
                return;
            var assembly = typeof(torch).Assembly;           // does not run torch's static constructor
            if (OperatingSystem.IsLinux() && !hooked)
            {
                // libgomp spins at barriers otherwise, 34 times slower beside another busy process; managed environment
                // variables do not reach native code.
                _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
                AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll += Resolve;
                hooked = true;
            }
            if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
                LibTorchFolder.Load(folder);
            if (!NativeLibrary.TryLoad("torch_cpu", assembly, null, out nint library))
                throw new DllNotFoundException("libtorch was not found. " + Packages(assembly));
            bool isTheRightOne = LibTorchFolder.CheckVersion(library, Packages(assembly));
            LoadWrapper(assembly);
            torch.InitializeDeviceType(DeviceType.CPU);
            if (!isTheRightOne)
                LibTorchFolder.SelfTest();
            ready = true;
        }
    }

    // Asked only where the usual search failed. Not under Gate: the caller may hold the lock of torch's initialiser.
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != Wrapper)
            return 0;
        lock (PatchGate)
            return patched != 0 ? patched : patched = LoadPatched(assembly);
    }

    private static nint LoadPatched(Assembly assembly)
    {
        // By name, so that notebooks' own resolvers take part; the copy then finds them loaded: there is one libtorch only.
        foreach (string dependency in new[] { "c10", "torch_cpu", "torch" })
        {
            if (!NativeLibrary.TryLoad(dependency, assembly, null, out _))
                return 0;
        }
        const string File = $"lib{Wrapper}.so";
        foreach (string path in Folders(assembly).Select(folder => Path.Combine(folder, File)))
        {
            if (!System.IO.File.Exists(path))
                continue;
            byte[] image = System.IO.File.ReadAllBytes(path);
            if (ElfVersions.Relax(image, SystemHas))
                return NativeImage.Load(image, File);
        }
        return 0;                                            // TorchSharp's own error follows
    }

    /// <summary>Whether libstdc++ has a version, judged by a symbol that came with it.</summary>
    private static bool SystemHas(string version)
    {
        if (standardLibrary == 0 && !NativeLibrary.TryLoad("libstdc++.so.6", out standardLibrary))
            return true;
        return version switch
        {
            "GLIBCXX_3.4.32" => Exports("_ZSt21ios_base_library_initv"),
            "GLIBCXX_3.4.30" => Exports("_ZSt21__glibcxx_assert_failPKciS0_S0_"),
            _ => true,
        };
    }

    private static bool Exports(string symbol) => NativeLibrary.TryGetExport(standardLibrary, symbol, out _);

    private static IEnumerable<string> Folders(Assembly assembly)
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (string folder in searched.Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        yield return AppContext.BaseDirectory;
#pragma warning disable IL3000 // Empty in a single file, which is asked for
        string location = assembly.Location;
#pragma warning restore IL3000
        if (location.Length == 0)
            yield break;
        string beside = Path.GetDirectoryName(location)!;
        string natives = Path.Combine("runtimes", "linux-x64", "native");
        yield return beside;
        yield return Path.Combine(beside, natives);
        yield return Path.GetFullPath(Path.Combine(beside, "..", "..", natives));     // notebooks: the package itself
    }

    /// <summary>Loads TorchSharp's own library, since TorchSharp would copy half a gigabyte about before it gave up.</summary>
    private static void LoadWrapper(Assembly assembly)
    {
        try
        {
            NativeLibrary.Load(Wrapper, assembly, null);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"TorchSharp's native library does not load: it needs libtorch {LibTorchFolder.Version} and, on Linux, glibc "
                + $"2.34 or later (not Alpine). {e.Message}",
                e);
        }
    }

    private static string Packages(Assembly torchSharp)
    {
        string version = torchSharp.GetName().Version!.ToString(3);
        return "Add one of the packages TorchSharp-cpu, TorchSharp-cuda-linux or "
            + $"TorchSharp-cuda-windows (version {version}) to the application, or set {FolderVariable} to the lib folder of a "
            + $"PyTorch {LibTorchFolder.Version} installation.";
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
