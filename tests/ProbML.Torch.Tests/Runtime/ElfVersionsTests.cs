namespace ProbML.Torch.Tests;

public sealed class ElfVersionsTests
{
    private const string Wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";

    [Fact]
    public void A_version_nothing_uses_is_marked_weak_and_nothing_else_changes()
    {
        var elf = new SyntheticElf("unused", isRelocated: false);
        byte[] before = [.. elf.Image];
        Assert.True(ElfVersions.Relax(elf.Image, Lacks("GLIBCXX_3.4.32")));
        Assert.Equal([SyntheticElf.SecondNeed + 4], Changed(before, elf.Image));
        Assert.Equal(2, elf.Image[SyntheticElf.SecondNeed + 4]);
    }

    [Fact]
    public void Wait_goes_back_to_its_first_version()
    {
        var elf = new SyntheticElf(Wait, isRelocated: true);
        byte[] before = [.. elf.Image];
        Assert.True(ElfVersions.Relax(elf.Image, Lacks("GLIBCXX_3.4.32")));
        Assert.Equal([SyntheticElf.VersionOfSecondSymbol, SyntheticElf.SecondNeed + 4], Changed(before, elf.Image));
        Assert.Equal(2, elf.Image[SyntheticElf.VersionOfSecondSymbol]);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.32", true)]                     // a symbol that is really needed
    [InlineData("GLIBCXX_3.4.11", false)]
    [InlineData("nothing", true)]                            // the system has all versions
    public void A_real_need_is_refused_and_the_image_stays(string lacking, bool isRelocated)
    {
        var elf = new SyntheticElf("needed", isRelocated);
        byte[] before = [.. elf.Image];
        Assert.False(ElfVersions.Relax(elf.Image, Lacks(lacking)));
        Assert.Equal(before, elf.Image);
    }

    [Fact]
    public void Garbage_is_refused_not_crashed_on()
    {
        byte[] good = new SyntheticElf(Wait, isRelocated: true).Image;
        for (int length = 0; length < good.Length; length += 7)
            ElfVersions.Relax(good[..length], Lacks("GLIBCXX_3.4.32"));
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = [.. good];
            for (int k = 0; k < 3; k++)
                bad[random.Next(6, bad.Length)] = (byte)random.Next(256);
            byte[] before = [.. bad];
            if (!ElfVersions.Relax(bad, Lacks("GLIBCXX_3.4.32")))
                Assert.Equal(before, bad);
        }
        Assert.False(ElfVersions.Relax([], Lacks("x")));
        Assert.False(ElfVersions.Relax("#!/bin/sh and much more of a text that is no library at all, to be sure"u8.ToArray(), Lacks("x")));
    }

    [Fact]
    public void In_the_real_library_Debian_12_takes_one_byte()
    {
        byte[] image = RealLibrary(), before = [.. image];
        Assert.True(ElfVersions.Relax(image, Lacks("GLIBCXX_3.4.32")));
        int at = Assert.Single(Changed(before, image));
        Assert.Equal((0, 2), (before[at], image[at]));
        Assert.False(ElfVersions.Relax(before, _ => true));
    }

    [Fact]
    public void In_the_real_library_RHEL_9_takes_two_flags_and_one_symbols_version()
    {
        byte[] image = RealLibrary(), before = [.. image];
        Assert.True(ElfVersions.Relax(image, Lacks("GLIBCXX_3.4.32", "GLIBCXX_3.4.30")));
        int[] changed = Changed(before, image);
        Assert.Equal(2, changed.Count(at => (before[at], image[at]) == (0, 2)));
        Assert.InRange(changed.Length, 3, 4);
    }

    [Fact]
    public void In_the_real_library_a_glibc_too_old_is_a_real_need()
    {
        byte[] image = RealLibrary(), before = [.. image];
        Assert.False(ElfVersions.Relax(image, version => !version.StartsWith("GLIBC_2", StringComparison.Ordinal)));
        Assert.Equal(before, image);
    }

    private static byte[] RealLibrary()
    {
        string path = Path.Combine(NativeFolder.Packages, "libLibTorchSharp.so");
        if (!File.Exists(path))
            Assert.Skip("Only on 64-bit Linux.");
        return File.ReadAllBytes(path);
    }

    private static Func<string, bool> Lacks(params string[] versions) => version => !versions.Contains(version);

    private static int[] Changed(byte[] before, byte[] after) =>
        [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
}
