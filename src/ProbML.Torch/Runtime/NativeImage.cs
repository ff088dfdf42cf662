using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ProbML;

/// <summary>Loads a native library from memory.</summary>
internal static partial class NativeImage
{
    private static int images;

    /// <summary>Loads it from an anonymous file in memory, else from a private folder that is deleted at once.</summary>
    /// <returns>Its handle; 0: the system refuses it.</returns>
    public static nint Load(byte[] image, string name)
    {
        nint library = LoadFromMemory(image, name);
        return library != 0 ? library : LoadFromFolders(image, name,
        [
            Path.GetTempPath(),
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            AppContext.BaseDirectory,
        ]);
    }

    /// <summary>Loads it from a file in the first of these folders that takes it and lets it run.</summary>
    internal static nint LoadFromFolders(byte[] image, string name, IEnumerable<string> roots)
    {
        foreach (string root in roots.Where(Directory.Exists))
        {
            nint library = LoadFrom(Path.Combine(root, "probml-" + Guid.NewGuid().ToString("N")), image, name);
            if (library != 0)
                return library;
        }
        return 0;
    }

    private static nint LoadFromMemory(byte[] image, string name)
    {
        int descriptor = CreateMemoryFile(name, flags: 1);
        if (descriptor < 0)
            return 0;
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, image, 0);
        return NativeLibrary.TryLoad(PathOf(descriptor), out nint library) ? library : 0;
    }

    /// <summary>A path of an open file that no other image was loaded by.</summary>
    /// <remarks>
    /// The loader of glibc knows what it has loaded by the text of the path, and descriptor numbers are used again: by the plain
    /// path, another image would be taken for the one that had the number before. So each path has one "./" more than the last.
    /// </remarks>
    private static string PathOf(int descriptor)
    {
        string different = string.Concat(Enumerable.Repeat("./", Interlocked.Increment(ref images)));
        return $"/proc/self/{different}fd/{descriptor}";
    }

    private static nint LoadFrom(string folder, byte[] image, string name)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                return 0;
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            string file = Path.Combine(folder, name);
            File.WriteAllBytes(file, image);
            return NativeLibrary.TryLoad(file, out nint library) ? library : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;                                        // a read-only folder: the next one may do
        }
        finally
        {
            try
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // The library is loaded or was not; a folder left behind harms neither.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
