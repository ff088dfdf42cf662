using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;

namespace ProbML.Studio.Tests;

/// <summary>What the studio generates compiles, and predicts what the studio predicts.</summary>
public sealed class GeneratedProjectTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly string Repository = ProbML.Tests.RepositoryRoot.Path;

    [Theory]
    [InlineData("target \"; Exit(); //", nameof(Scenario.Quantity), "trees")]
    [InlineData("kind", nameof(Scenario.Class), "multinomial")]
    public async Task The_generated_project_compiles_and_predicts(string target, string scenario, string model)
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        string table = Tables.Mixed().Replace("price", "\"target \"\"; Exit(); //\"", StringComparison.Ordinal)
            .Replace("size", "\"class <b>\\ \"\"", StringComparison.Ordinal).Replace("age", "größe", StringComparison.Ordinal);
        await client.UploadAsync(table.Replace("\\ \"\"", "\\ \"\"\"", StringComparison.Ordinal));
        await client.AskAsync(target, Enum.Parse<Scenario>(scenario));
        string run = await client.TrainAsync(model);
        byte[] project = await client.DownloadAsync($"{run}/{model}?handler=Project");
        string folder = Directory.CreateTempSubdirectory("probml-generated").FullName;
        try
        {
            await using (var archive = new ZipArchive(new MemoryStream(project)))
                archive.ExtractToDirectory(folder);
            // The libraries are built with these tests already; building them twice at once would be a race.
            string built = await Run(folder, "build", "-c", Configuration, "-v", "q", "-nologo",
                $"-p:ProbMLSource={Repository}", "-p:BuildProjectReferences=false", "-p:TreatWarningsAsErrors=true");
            Assert.Contains("0 Warning(s)", built, StringComparison.Ordinal);
            string printed = await Run(folder, Path.Combine(folder, "bin", Configuration, "net10.0", "Prediction.dll"));
            string page = System.Net.WebUtility.HtmlDecode((await client.PostAsync($"{run}/{model}", $"{run}/{model}", Typical(await client.PageAsync($"{run}/{model}")))).Page);
            if (scenario == nameof(Scenario.Quantity))
            {
                Assert.Contains("LowerBound: ", printed, StringComparison.Ordinal);
                double mean = double.Parse(Line(printed, "Score"), CultureInfo.InvariantCulture);
                Assert.Contains($"{Show.Number(mean)} expected", page, StringComparison.Ordinal);
            }
            else
            {
                Assert.Contains($"most likely '{Line(printed, "PredictedLabel")}'", page, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Line(string printed, string name) =>
        printed.Split('\n').First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..].Trim();

    /// <summary>The values that the form proposes.</summary>
    private static (string, string)[] Typical(string page)
    {
        var fields = new List<(string, string)>();
        for (int i = 0; ; i++)
        {
            int at = page.IndexOf($"id=\"{InputForm.FieldName(i)}\"", StringComparison.Ordinal);
            if (at < 0)
                return [.. fields];
            bool isSelect = page.LastIndexOf('<', at) is var start && page.AsSpan(start).StartsWith("<select");
            string tail = page[at..];
            var match = System.Text.RegularExpressions.Regex.Match(
                isSelect ? tail[..tail.IndexOf("</select>", StringComparison.Ordinal)] : tail,
                isSelect ? "value=\"([^\"]*)\" selected" : "value=\"([^\"]*)\"");
            fields.Add((InputForm.FieldName(i), System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)));
        }
    }

    private static async Task<string> Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
        return output;
    }
}
