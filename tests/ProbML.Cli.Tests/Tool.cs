using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

/// <summary>Runs the tool as a process would be run, in a folder of its own.</summary>
public sealed class Tool : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("probml");

    public string Folder => folder.FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Runs a command line: words are separated by blanks, {name} is a file of the folder.</summary>
    public Answer Run(string line, params string[] more)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Resolve), .. more];
        using StringWriter output = new(), error = new();
        int code = Program.Run(words, output, error, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed, silently.</summary>
    public string Succeed(string line, params string[] more)
    {
        var answer = Run(line, more);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        return answer.Output;
    }

    /// <summary>Runs a command that must fail with one line that says what is wrong, and leave nothing behind.</summary>
    public void Fail(int code, string line, params string[] messages)
    {
        var before = Directory.GetFileSystemEntries(Folder).Order();
        var answer = Run(line);
        Assert.Equal("", answer.Output);
        Assert.StartsWith("probml: ", answer.Error, StringComparison.Ordinal);
        Assert.Equal(1, answer.Error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        foreach (string message in messages)
            Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.Equal(code, answer.Code);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder).Order());
    }

    public JsonObject Json(string line, params string[] more) =>
        JsonNode.Parse(Run(line + " --json", more).Output)!.AsObject();

    public void Dispose() => folder.Delete(recursive: true);

    private string Resolve(string word) => word.StartsWith('{') ? this[word[1..^1]] : word;
}

public sealed record Answer(int Code, string Output, string Error);
