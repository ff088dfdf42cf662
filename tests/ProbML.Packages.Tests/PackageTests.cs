using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProbML.Studio;
using ProbML.Studio.Tests;

namespace ProbML.Packages.Tests;

public sealed partial class PackageTests(Feed feed) : IClassFixture<Feed>
{
    private static readonly string[] Libraries = ["ProbML", "ProbML.Numerics", "ProbML.Onnx", "ProbML.Reports", "ProbML.Torch"];

    [Theory]
    [InlineData("claims", "visits in four hours of some rain; between ")]
    [InlineData("process", "at  2:   0.9")]
    [InlineData("intervals", " % of new prices lie in intervals that promise 90 %")]
    [InlineData("bayes", " 1000 rows: 48.4 MPa ± 10.5, of not knowing the mean 1.3")]
    [InlineData("classes", "threshold:fair|strong")]
    [InlineData("drift", "its young concrete: drift, 99 % of it in Age")]
    [InlineData("flow", "flow: log density -3.")]
    [InlineData("groups", "district 5, never seen: ")]
    [InlineData("latents", "Coarse aggregate of 103 mixtures: wrong by ")]
    [InlineData("ratio", "learnt from old rows weighted: wrong by 7.")]
    [InlineData("shards", "Of 4 plants, 1030 rows; from one file it is the same.")]
    public void An_app_of_one_file_runs(string app, string expected)
    {
        string file = $"samples/apps/{app}.cs";
        Assert.SkipUnless(
            HasLibTorch || !File.ReadAllText(Path.Combine(Feed.Root, file)).Contains("#:package TorchSharp-cpu", StringComparison.Ordinal),
            $"TorchSharp-cpu has no libtorch for {RuntimeInformation.RuntimeIdentifier}.");
        Assert.Contains(expected, feed.Run(Feed.Root, "dotnet", "run", file), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_app_of_one_file_is_run() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Feed.Root, "samples", "apps"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(),
        typeof(PackageTests).GetMethod(nameof(An_app_of_one_file_runs))!.GetCustomAttributes<InlineDataAttribute>()
            .Select(one => (string)one.Data[0]!).Order());

    [Fact]
    public void Every_package_says_what_it_is_and_packing_does_not_warn()
    {
        Assert.DoesNotContain("warning", feed.Output, StringComparison.OrdinalIgnoreCase);
        string[] names = [.. Directory.GetFiles(feed.Packages, "*.nupkg").Select(file => Path.GetFileName(file).Replace($".{feed.Version}.nupkg", "", StringComparison.Ordinal))];
        Assert.Superset(Libraries.Concat(["ProbML.Cli", "ProbML.Templates"]).ToHashSet(), names.ToHashSet());
        foreach (string name in names)
        {
            using var zip = ZipFile.OpenRead(PathOf(name));
            using var stream = zip.GetEntry($"{name}.nuspec")!.Open();
            var package = XDocument.Load(stream).Root!.Elements().Single();
            string? Text(string element) => package.Elements().SingleOrDefault(one => one.Name.LocalName == element)?.Value;
            Assert.Equal("MIT", Text("license"));
            Assert.Equal("README.md", Text("readme"));
            Assert.NotNull(zip.GetEntry("README.md"));
            Assert.InRange(Text("description")!.Length, 40, 1000);
            foreach (var ours in package.Descendants().Where(one => one.Name.LocalName == "dependency" && one.Attribute("id")!.Value.StartsWith("ProbML", StringComparison.Ordinal)))
                Assert.Equal(feed.Version, ours.Attribute("version")!.Value);
        }
    }

    [Fact]
    public void Libraries_carry_documentation_and_symbols_that_belong_to_them()
    {
        foreach (string name in Libraries)
        {
            using var package = ZipFile.OpenRead(PathOf(name));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
            using var symbols = ZipFile.OpenRead(Path.ChangeExtension(PathOf(name), ".snupkg"));
            var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/net10.0/{name}.dll")));
            using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols, $"lib/net10.0/{name}.pdb")));
            var entry = assembly.ReadDebugDirectory().First(one => one.Type == DebugDirectoryEntryType.CodeView);
            Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(entry).Guid, new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
        }
    }

    [Fact]
    public void The_example_of_the_readme_runs_in_a_project_that_has_the_packages_alone()
    {
        string folder = Directory.CreateDirectory(Path.Combine(feed.Folder, "QuickStart")).FullName;
        foreach (string file in (string[])["Program.cs", "insurance.csv"])
            File.Copy(Path.Combine(Feed.Root, "samples", "QuickStart", file), Path.Combine(folder, file));
        var packages = ProjectReferences().Matches(File.ReadAllText(Path.Combine(Feed.Root, "samples", "QuickStart", "QuickStart.csproj")))
            .Select(reference => $"""<PackageReference Include="{reference.Groups[1]}" Version="{feed.Version}" />""");
        File.WriteAllText(Path.Combine(folder, "QuickStart.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", packages)}
                <None Update="insurance.csv" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """);
        string output = feed.Run(folder, "dotnet", "run");
        string readme = File.ReadAllText(Path.Combine(Feed.Root, "README.md"));
        string table = Coefficients().Match(readme).Value;
        Assert.NotEmpty(table);
        Assert.Contains(table, output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        string[] built = [.. Directory.GetFiles(Path.Combine(folder, "bin"), "*.dll", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))];
        Assert.DoesNotContain(built, name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_template_makes_a_program_that_builds_and_predicts()
    {
        string hive = Path.Combine(feed.Folder, "hive"), folder = Path.Combine(feed.Folder, "My-Claims 2");
        feed.Run(feed.Folder, "dotnet", "new", "install", PathOf("ProbML.Templates"), "--debug:custom-hive", hive);
        feed.Run(
            feed.Folder, "dotnet", "new", "probml", "--name", "My-Claims 2", "--ProbMLVersion", feed.Version, "--no-update-check", "--debug:custom-hive", hive);
        string output = feed.Run(folder, "dotnet", "run", "-warnaserror");
        Assert.Contains("(Intercept)", output, StringComparison.Ordinal);
        Assert.Matches(@"[\d.]+ claims expected, between \d+ and \d+ with 95 % probability", output);

        string props = File.ReadAllText(Path.Combine(Feed.Root, "Directory.Build.props"));
        string template = File.ReadAllText(Path.Combine(Feed.Root, "src/ProbML.Templates/content/probml/.template.config/template.json"));
        Assert.Contains($"\"defaultValue\": \"{Regex.Match(props, "<Version>(.*)</Version>").Groups[1]}\"", template, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_installs_and_fits()
    {
        string tools = Path.Combine(feed.Folder, "tools"), model = Path.Combine(feed.Folder, "claims.zip");
        feed.Run(feed.Folder, "dotnet", "tool", "install", "ProbML.Cli", "--version", feed.Version, "--tool-path", tools);
        string probml = Path.Combine(tools, OperatingSystem.IsWindows() ? "probml.exe" : "probml");
        Assert.Contains("fit", feed.Run(feed.Folder, probml, "--help"), StringComparison.Ordinal);
        feed.Run(
            feed.Folder, probml, "fit", "--data", Path.Combine(Feed.Root, "samples/QuickStart/insurance.csv"), "--label", "Claims",
            "--family", "poisson", "--link", "log", "--exposure", "Holders", "--out", model);
        Assert.Contains("(Intercept)", feed.Run(feed.Folder, probml, "summary", model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price", nameof(Scenario.Quantity), "linear", "LowerBound: ")]
    [InlineData("kind", nameof(Scenario.Class), "trees", "PredictedLabel: ")]
    public async Task A_project_of_the_studio_predicts_with_the_packages_alone(string target, string scenario, string model, string expected)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        await client.UploadAsync(Tables.Mixed());
        await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        string run = await client.TrainAsync(model), folder = Path.Combine(feed.Folder, $"Prediction-{model}");
        using (var archive = new ZipArchive(new MemoryStream(await client.DownloadAsync($"{run}/{model}?handler=Project"))))
            archive.ExtractToDirectory(folder);
        // The project names the version that is published; the feed has this build's.
        string file = Path.Combine(folder, "Prediction.csproj"), project = File.ReadAllText(file);
        string named = OurVersion().Match(project).Groups[1].Value;
        Assert.StartsWith(named, feed.Version, StringComparison.Ordinal);
        File.WriteAllText(file, project.Replace($"Include=\"ProbML\" Version=\"{named}\"", $"Include=\"ProbML\" Version=\"{feed.Version}\"", StringComparison.Ordinal));
        Assert.Contains(expected, feed.Run(folder, "dotnet", "run", "-warnaserror"), StringComparison.Ordinal);
    }

    private static bool HasLibTorch =>
        RuntimeInformation.RuntimeIdentifier is "win-x64" or "osx-arm64"
        || (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64);

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private string PathOf(string name) => Path.Combine(feed.Packages, $"{name}.{feed.Version}.nupkg");

    [GeneratedRegex(@"<ProjectReference Include=""../../src/(ProbML[.\w]*)/")]
    private static partial Regex ProjectReferences();

    [GeneratedRegex(@"Include=""ProbML"" Version=""([\d.]+)""")]
    private static partial Regex OurVersion();

    [GeneratedRegex(@"\(Intercept\) .*\n(District.*\n)+")]
    private static partial Regex Coefficients();
}
