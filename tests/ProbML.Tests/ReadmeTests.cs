using System.Text.RegularExpressions;

namespace ProbML.Tests;

/// <summary>What README and docs show is what the samples compile, and what they link to exists.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Append(Path.Combine(Root, "README.md"))
            .Select(page => Path.GetRelativePath(Root, page))];

    [Theory, MemberData(nameof(Pages))]
    public void Code_is_quoted_from_the_samples(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page));
        foreach (Match quote in Quotes().Matches(text))
        {
            string sample = File.ReadAllText(Path.Combine(Root, quote.Groups["file"].Value)), name = quote.Groups["region"].Value;
            var region = Regex.Match(sample, $@"^ *(//|#) <{name}>\n(?<code>.*?)^ *\1 </{name}>", RegexOptions.Singleline | RegexOptions.Multiline);
            Assert.True(region.Success, $"{quote.Groups["file"].Value} has no region {name}.");
            Assert.Equal(Outdented(region.Groups["code"].Value), Outdented(quote.Groups["code"].Value));
        }
    }

    [Fact]
    public void The_readme_quotes_a_sample() =>
        Assert.NotEmpty(Quotes().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))));

    [Theory, MemberData(nameof(Pages))]
    public void Files_that_are_linked_to_exist(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        foreach (Match link in Links().Matches(File.ReadAllText(Path.Combine(Root, page))))
            Assert.True(Path.Exists(Path.Combine(folder, link.Groups[1].Value)), link.Value);
    }

    private static string Outdented(string code)
    {
        string[] lines = code.Trim('\n').Split('\n');
        int margin = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[margin..] : line)).TrimEnd();
    }

    [GeneratedRegex(@"<!-- (?<file>samples/\S+), region (?<region>\w+) -->\s*```\w+\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Quotes();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Links();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ProbML.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("ProbML.sln is above the tests.");
        return folder.FullName;
    }
}
