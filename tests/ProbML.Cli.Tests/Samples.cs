using System.Globalization;

namespace ProbML.Cli.Tests;

/// <summary>Small files of rows.</summary>
internal static class Samples
{
    private static readonly string[] Cities = ["Oslo", "Bonn", "Rome"];

    /// <summary>Counts y that grow with x, a city of three levels, a time, and whether y is large.</summary>
    public static string Counts(int rows = 60, string separator = ",")
    {
        var random = new Random(7);
        var lines = new List<string> { string.Join(separator, "y", "x", "city", "time", "big") };
        for (int i = 0; i < rows; i++)
        {
            double x = Math.Round(random.NextDouble() * 2, 3);
            int city = random.Next(3);
            double mean = Math.Exp(0.5 + (0.6 * x) + (0.2 * city)), y = Math.Round(mean * (0.4 + (1.2 * random.NextDouble())));
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{y}{separator}{x}{separator}{Cities[city]}{separator}{1 + (i % 4)}{separator}{(y > 3 ? "yes" : "no")}"));
        }
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>The same with one cell, or a whole row, replaced.</summary>
    public static string With(int row, int column, string cell)
    {
        string[] lines = Counts().Split('\n');
        string[] cells = lines[row].Split(',');
        cells[column] = cell;
        lines[row] = string.Join(',', cells);
        return string.Join('\n', lines);
    }
}
