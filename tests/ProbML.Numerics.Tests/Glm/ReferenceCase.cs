using System.Globalization;
using System.Text.Json;

namespace ProbML.Tests;

/// <summary>One golden file of the generalized linear models: the data it names, its design, and what must come out.</summary>
internal sealed class ReferenceCase
{
    private static readonly HashSet<string> LaterFamilies = ["multinomial", "ordinal", "tobit"];

    private readonly JsonElement root;

    private ReferenceCase(JsonElement root) => this.root = root;

    public JsonElement Results => root.GetProperty("results");

    public string Family => root.GetProperty("family").GetString()!;

    public static ReferenceCase Load(string id)
    {
        string path = SharedFolder.Require("reference", "glm", id + ".json");
        return new ReferenceCase(JsonDocument.Parse(File.ReadAllText(path)).RootElement);
    }

    /// <summary>The cases of the families that exist; multinomial, ordinal and Tobit have trainers of their own.</summary>
    public static IEnumerable<string> Ids()
    {
        if (SharedFolder.Path is not { } shared)
            return ["no reference results"];
        return Directory.EnumerateFiles(Path.Combine(shared, "reference", "glm"), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(id => !LaterFamilies.Contains(id.Split('_')[0]))
            .Order(StringComparer.Ordinal);
    }

    public GlmOptions Options()
    {
        var options = root.GetProperty("options");
        string link = root.GetProperty("link").GetString()!;
        IFamily family = Family switch
        {
            "gaussian" => Families.Gaussian,
            "bernoulli" => Families.Bernoulli,
            "poisson" => Families.Poisson,
            "gamma" => Families.Gamma,
            "inverse_gaussian" => Families.InverseGaussian,
            "tweedie" => Families.Tweedie(options.GetProperty("tweedie_power").GetDouble()),
            "negative_binomial" => Families.NegativeBinomial(),
            var other => throw new InvalidOperationException(other),
        };
        return new GlmOptions
        {
            Family = family,
            Link = Links.Parse(link),
            Intercept = root.GetProperty("design").GetProperty("intercept").GetBoolean(),
            L1 = options.GetProperty("l1").GetDouble(),
            L2 = options.GetProperty("l2").GetDouble(),
            PenaliseIntercept = options.GetProperty("penalise_intercept").GetBoolean(),
        };
    }

    /// <summary>The cases of one of the families with trainers of their own.</summary>
    public static IEnumerable<string> Ids(string family) => SharedFolder.Path is not { } shared
        ? ["no reference results"]
        : Directory.EnumerateFiles(Path.Combine(shared, "reference", "glm"), family + "_*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    /// <summary>An option that a family with a trainer of its own reads.</summary>
    public JsonElement Option(string name) => root.GetProperty("options").GetProperty(name);

    public ILinkFunction Link => Links.Parse(root.GetProperty("link").GetString()!);

    /// <summary>The classes of a multinomial or ordinal case, in order; else none.</summary>
    public string[] Classes => Family is "multinomial" or "ordinal"
        ? [.. root.GetProperty("response").GetProperty("levels").EnumerateArray().Select(level => level.GetString()!)]
        : [];

    public PredictionTask Task => Family == "bernoulli" ? PredictionTask.BinaryClassification : PredictionTask.Regression;

    /// <summary>The design of the file, without the terms of a column if one is to be dropped.</summary>
    public MatrixDesign Design(string? dropped = null)
    {
        string[] lines = File.ReadAllLines(
            SharedFolder.Require("data", "glm", root.GetProperty("data").GetProperty("file").GetString()!));
        string[] header = lines[0].Split(',');
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(','))];
        string[] Column(string name) => [.. rows.Select(row => row[Array.IndexOf(header, name)])];
        var names = new List<string>();
        var columns = new List<double[]>();
        foreach (var term in root.GetProperty("design").GetProperty("terms").EnumerateArray())
        {
            string name = term.GetProperty("column").GetString()!;
            if (name == dropped)
                continue;
            string[] values = Column(name);
            if (term.GetProperty("encoding").GetString() == "numeric")
            {
                names.Add(name);
                columns.Add([.. values.Select(Number)]);
                continue;
            }
            foreach (var level in term.GetProperty("levels").EnumerateArray())
            {
                if (level.GetString() == term.GetProperty("baseline").GetString())
                    continue;
                names.Add($"{name}={level.GetString()}");
                columns.Add([.. values.Select(value => value == level.GetString() ? 1.0 : 0.0)]);
            }
        }
        int n = rows.Length, d = columns.Count;
        var features = new double[n * d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                features[i * d + j] = columns[j][i];
        }
        var response = root.GetProperty("response");
        string[] y = Column(response.GetProperty("column").GetString()!);
        return new MatrixDesign(
            features,
            Classes.Length > 0
                ? [.. y.Select(value => (double)Array.IndexOf(Classes, value))]
                : response.TryGetProperty("positive_value", out var positive) && positive.ValueKind == JsonValueKind.String
                    ? [.. y.Select(value => value == positive.GetString() ? 1.0 : 0.0)]
                    : [.. y.Select(Number)],
            names,
            Optional("weights_column", Column),
            Optional("offset_column", Column));
    }

    private double[]? Optional(string property, Func<string, string[]> column) =>
        root.GetProperty(property).GetString() is { } name ? [.. column(name).Select(Number)] : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
