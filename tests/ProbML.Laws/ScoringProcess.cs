using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>A program that loads a saved model, reads rows and prints a column twice: by prediction engine and by Transform.</summary>
public static class ScoringProcess
{
    /// <summary>Runs the program and compares what it prints with the model's own.</summary>
    /// <param name="command">What follows <c>dotnet</c>; the model's path and the column are added.</param>
    /// <param name="saved">The model's zip.</param>
    /// <param name="model">The model that was saved.</param>
    /// <param name="context">Where it was made.</param>
    /// <param name="rows">The rows to score.</param>
    /// <param name="column">The column to compare.</param>
    /// <param name="tolerance">How far numbers may differ.</param>
    public static void AssertScoresTheSame(
        string[] command, byte[] saved, ITransformer model, MLContext context, IReadOnlyList<LawRow> rows, string column, double tolerance)
    {
        var expected = Scores.Read(model.Transform(context.View(rows))).Slots(column);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, saved);
            string[] lines = Run([.. command, path, column], rows.Select(Line));
            Assert.Equal(rows.Count, lines.Length);
            for (int i = 0; i < lines.Length; i++)
            {
                string[] printed = lines[i].Split(' ');
                Assert.Equal(2 * expected[i].Length, printed.Length);
                foreach (var (score, text) in expected[i].Concat(expected[i]).Zip(printed))
                    Scores.AssertClose(score, float.Parse(text, CultureInfo.InvariantCulture), tolerance, $"row {i}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Line(LawRow row) => string.Join(' ', [.. row.Features.Select(x => $"{x}"), row.Group, row.Category]);

    private static string[] Run(string[] arguments, IEnumerable<string> input)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(host, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        foreach (string line in input)
            process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
