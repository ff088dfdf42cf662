using System.Globalization;

namespace ProbML.Tests;

/// <summary>Columns of the data files that the reference results were computed from.</summary>
internal static class ReferenceData
{
    public static MatrixDesign Load(string file, string response, string[] features, string? positive = null)
    {
        string[][] rows = [.. File.ReadAllLines(SharedFolder.Require("data", "glm", file)).Select(line => line.Split(','))];
        int Place(string name) => Array.IndexOf(rows[0], name);
        double Number(string text) =>
            positive is null ? double.Parse(text, CultureInfo.InvariantCulture) : text == positive ? 1 : 0;
        return new MatrixDesign(
            [.. rows.Skip(1).SelectMany(row => features.Select(name => double.Parse(row[Place(name)], CultureInfo.InvariantCulture)))],
            [.. rows.Skip(1).Select(row => Number(row[Place(response)]))],
            features);
    }
}
