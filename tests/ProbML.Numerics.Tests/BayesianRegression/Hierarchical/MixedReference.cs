using System.Text.Json;

namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

/// <summary>The fits of lme4 that golden.R made, and their data.</summary>
internal static class MixedReference
{
    private static readonly Lazy<Dictionary<string, JsonElement>> Cases = new(() =>
    {
        using var stream = typeof(MixedReference).Assembly.GetManifestResourceStream("lme4.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!);
    });

    public static IEnumerable<string> Names => Cases.Value.Keys;

    public static JsonElement Case(string name) => Cases.Value[name];

    public static MatrixDesign Design(JsonElement one)
    {
        string[] names = Texts(one.GetProperty("feature_names"));
        double[] y = Numbers(one.GetProperty("y"));
        double[] x = names.Length == 0
            ? []
            : [.. one.GetProperty("features").EnumerateArray().SelectMany(Numbers)];
        return new(x, y, names, Optional(one, "weights"), Optional(one, "offset"))
        {
            GroupColumns = [.. one.GetProperty("groups").EnumerateObject().Select(group => GroupColumn.Of(group.Name, Texts(group.Value)))],
        };
    }

    public static HierarchicalOptions Options(JsonElement one) => new()
    {
        Effects = [.. one.GetProperty("groups").EnumerateObject().Select(group => new GroupEffect(
            group.Name,
            one.GetProperty("slopes").ValueKind == JsonValueKind.Object && one.GetProperty("slopes").TryGetProperty(group.Name, out var slopes)
                ? Texts(slopes)
                : [])
        {
            Correlated = one.GetProperty("correlated").GetBoolean(),
        })],
        Family = one.GetProperty("family").GetString() switch
        {
            "binomial" => Families.Bernoulli,
            "poisson" => Families.Poisson,
            _ => Families.Gaussian,
        },
        Inference = one.GetProperty("inference").GetString() switch
        {
            "reml" => HierarchicalInference.RestrictedLikelihood,
            "quadrature" => HierarchicalInference.Quadrature(9),
            _ => HierarchicalInference.Laplace,
        },
    };

    public static HierarchicalModel Fit(string name)
    {
        var one = Case(name);
        var options = Options(one);
        var task = options.Family is BernoulliFamily ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        return new HierarchicalFitter(options, task).Fit(Design(one), TrainingMonitor.None);
    }

    public static double[] Numbers(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().SelectMany(Numbers)]
        : [list.GetDouble()];

    public static string[] Texts(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(value => value.GetString()!)]
        : [list.GetString()!];

    public static double[]? Optional(JsonElement one, string name) =>
        one.TryGetProperty(name, out var found) && found is { ValueKind: JsonValueKind.Array } && found.GetArrayLength() > 0 ? Numbers(found) : null;
}
