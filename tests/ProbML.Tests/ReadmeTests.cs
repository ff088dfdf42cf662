using System.Text.RegularExpressions;

namespace ProbML.Tests;

/// <summary>What README and docs show is what the samples compile, and what they link to exists.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Root = RepositoryRoot.Path;

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

    /// <summary>What the page for newcomers calls by name is in the public API, or is said to be ML.NET's.</summary>
    [Fact]
    public void Newcomers_are_sent_to_what_exists()
    {
        string api = string.Concat(Directory.GetFiles(Path.Combine(Root, "src"), "PublicAPI.Unshipped.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        var rows = File.ReadAllLines(Path.Combine(Root, "docs", "coming-from.md")).Where(line => line.StartsWith('|') && line.EndsWith('|'));
        int names = 0;
        foreach (string cell in rows.Select(row => row.Split(" | ")[^1]).Where(cell => !cell.Contains("ML.NET's", StringComparison.Ordinal)))
        {
            foreach (string name in Codes().Matches(cell).SelectMany(code => Names().Matches(code.Groups[1].Value.Split('(')[0])).Select(name => name.Value))
            {
                Assert.Matches($@"\b{name}\b", api);
                names++;
            }
        }
        Assert.True(names > 50);
    }

    private static string Outdented(string code)
    {
        string[] lines = code.Trim('\n').Split('\n');
        int margin = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[margin..] : line)).TrimEnd();
    }

    [GeneratedRegex(@"<!-- (?<file>samples/\S+), region (?<region>\w+) -->\s*```\w+\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Quotes();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Codes();

    [GeneratedRegex("[A-Za-z]+[0-9]?")]
    private static partial Regex Names();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Links();
}
