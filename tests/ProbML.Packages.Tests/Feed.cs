using System.Diagnostics;
using System.Globalization;
using System.Text;
using ProbML.Tests;

namespace ProbML.Packages.Tests;

/// <summary>The packages of this build in a folder, of a version that no cache has; and a place outside the repository to use them in.</summary>
public sealed class Feed : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Packs every project of src as it was built with these tests.</summary>
    public Feed()
    {
        Directory.CreateDirectory(Packages);
        foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }))
            Output += Run(Root, "dotnet", "pack", project, "-c", Configuration, "--no-build", "-o", Packages, $"-p:PackageVersion={Version}");
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        // Packages of others come from the cache of the machine, and these from the feed into a folder that is empty.
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(Folder, "cache")}" /></config>
              <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="{Packages}" /></packageSources>
            </configuration>
            """);
    }

    public static string Root { get; } = RepositoryRoot.Path;

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    public string Folder { get; } = Directory.CreateTempSubdirectory("probml-packages").FullName;

    public string Packages => Path.Combine(Folder, "feed");

    /// <summary>What packing said.</summary>
    public string Output { get; } = "";

    /// <summary>Runs a program to its end, and fails unless it ends well.</summary>
    /// <returns>What it wrote.</returns>
    public string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("NUGET_PACKAGES");
        foreach (string inherited in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.Ordinal) && key != "MSBUILDDISABLENODEREUSE").ToList())
            start.Environment.Remove(inherited);
        using var process = new Process { StartInfo = start };
        var text = new StringBuilder();
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (text)
                text.AppendLine(line.Data);
        }
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} in {folder}:\n{text}");
        return text.ToString();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
