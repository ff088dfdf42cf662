using System.Runtime.InteropServices;

namespace ProbML.Torch.Tests;

public sealed class NativeImageTests
{
    private const string Name = "libprobmltest.so";

    [Fact]
    public void A_library_loads_from_memory() => Assert.NotEqual(0, NativeImage.Load(Small(), Name));

    [Fact]
    public void Folders_that_do_not_take_it_are_passed_over_and_nothing_is_left_behind()
    {
        string good = Directory.CreateTempSubdirectory("probml-image").FullName;
        try
        {
            // Absent, a file system that takes no files (nobody's, root's neither), then one that does.
            string[] roots = [Path.Combine(good, "absent"), "/proc", good];
            Assert.NotEqual(0, NativeImage.LoadFromFolders(Small(), Name, roots));
            Assert.Equal(0, NativeImage.LoadFromFolders(Small(), Name, roots[..2]));
            Assert.Empty(Directory.GetFileSystemEntries(good));
        }
        finally
        {
            Directory.Delete(good);
        }
    }

    [Fact]
    public void Each_image_is_a_library_of_its_own()
    {
        // One after the other: the descriptor of the first is free again when the second is loaded.
        byte[] image = Small();
        nint[] libraries = [.. Enumerable.Range(0, 10).Select(_ => NativeImage.Load(image, Name))];
        Assert.DoesNotContain(0, libraries);
        Assert.Equal(libraries.Length, libraries.Distinct().Count());
        Assert.Equal(0, NativeImage.Load(new byte[100], Name));
    }

    [Fact]
    public void What_is_no_library_gives_nothing() => Assert.Equal(0, NativeImage.Load(new byte[100], Name));

    private static byte[] Small()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only on Linux.");
        return File.ReadAllBytes(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.IO.Compression.Native.so"));
    }
}
