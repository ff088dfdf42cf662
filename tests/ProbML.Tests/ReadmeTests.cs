namespace ProbML.Tests;

/// <summary>What the README shows is what the sample compiles.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_readme_quotes_the_quick_start()
    {
        string root = Root();
        string sample = File.ReadAllText(Path.Combine(root, "samples", "QuickStart", "Program.cs"));
        int start = sample.IndexOf("// <pipeline>", StringComparison.Ordinal) + "// <pipeline>".Length;
        string region = sample[start..sample.IndexOf("// </pipeline>", StringComparison.Ordinal)].Trim();
        Assert.Contains(region, File.ReadAllText(Path.Combine(root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_the_readme_links_to_exist()
    {
        string root = Root();
        foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(
            File.ReadAllText(Path.Combine(root, "README.md")), @"\]\((?!https?:)([^)#]+)\)"))
            Assert.True(Path.Exists(Path.Combine(root, link.Groups[1].Value)), link.Value);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ProbML.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("ProbML.sln is above the tests.");
        return folder.FullName;
    }
}
