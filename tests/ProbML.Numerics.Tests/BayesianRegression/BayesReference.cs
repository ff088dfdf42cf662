using System.Text.Json;

namespace ProbML.Tests.BayesianRegression;

/// <summary>One file of reference results for Bayesian regression.</summary>
internal static class BayesReference
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, JsonElement> Files = new();

    /// <summary>Every case of every set, with the set's data.</summary>
    public static IEnumerable<(string Set, JsonElement Data, JsonElement Case)> Cases(string file)
    {
        foreach (var set in Sets(file))
            foreach (var one in set.GetProperty("cases").EnumerateArray())
                yield return (set.Text("name"), set.GetProperty("data"), one);
    }

    public static IEnumerable<JsonElement> Sets(string file) =>
        Files.GetOrAdd(file, name => JsonDocument.Parse(File.ReadAllText(SharedFolder.Require("reference", "bayes", name + ".json"))).RootElement)
            .GetProperty("sets").EnumerateArray();

    /// <summary>The names of the cases, "set/case"; where there are no references, one that skips.</summary>
    public static TheoryData<string> Names(string file) => SharedFolder.Path is null
        ? ["no reference results"]
        : [.. Cases(file).Select(one => $"{one.Set}/{one.Case.Text("id")}")];

    public static (JsonElement Data, JsonElement Case) Find(string file, string name) =>
        Cases(file).Where(one => $"{one.Set}/{one.Case.Text("id")}" == name).Select(one => (one.Data, one.Case)).First();

    public static string Text(this JsonElement from, string name) => from.GetProperty(name).GetString()!;

    public static double Number(this JsonElement from, string name) => from.GetProperty(name).GetDouble();

    public static double[] Vector(this JsonElement from, string name) =>
        [.. from.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static double[,] Matrix(this JsonElement from, string name)
    {
        double[][] rows = [.. from.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var matrix = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++)
                matrix[i, j] = rows[i][j];
        return matrix;
    }

    public static string[] Texts(this JsonElement from, string name) =>
        [.. from.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];

    /// <summary>The rows without their first column, of ones.</summary>
    public static double[] WithoutOnes(double[,] x) => Columns(x, 1);

    public static double[] Columns(double[,] x, int first)
    {
        int n = x.GetLength(0), d = x.GetLength(1) - first;
        var rows = new double[n * d];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++)
                rows[i * d + j] = x[i, first + j];
        return rows;
    }

    /// <summary>The train part as a design with an intercept of its own.</summary>
    public static MatrixDesign Train(JsonElement data, double[]? weights = null) => new(
        WithoutOnes(data.Matrix("X_train")),
        data.Vector("y_train"),
        [.. data.Texts("columns").Skip(1)],
        weights,
        data.TryGetProperty("offset_train", out _) ? data.Vector("offset_train") : null);

    /// <summary>Largest difference over the larger of 1 and the largest entry, as the references measure it.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 1, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, Math.Abs(expected[i] - actual[i]));
        }
        Assert.True(difference <= tolerance * largest, $"{what}: off by {difference:G3} of {largest:G3}");
    }

    public static double[] Flat(this double[,] matrix) => [.. matrix.Cast<double>()];
}
