using System.Text.Json.Nodes;

namespace ProbML.Cli;

/// <summary>Numbers, texts and matrices as JSON; what does not exist is null.</summary>
internal static class Json
{
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Array(IEnumerable<double> values) => [.. values.Select(Number)];

    public static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];

    public static JsonArray? Matrix(double[,]? matrix) => matrix is null
        ? null
        : [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i =>
            Array(Enumerable.Range(0, matrix.GetLength(1)).Select(j => matrix[i, j])))];
}
