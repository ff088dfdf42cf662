using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.GaussianProcesses;

namespace ProbML.Service.Tests;

/// <summary>Model files, made once: claims (text and numbers, exposure), curve (vectors, many rows at once), kinds (classes).</summary>
internal static class TestModels
{
    private static readonly MLContext Ml = new(seed: 1);

    public static readonly Policy[] Policies =
    [
        .. from district in (string[])["1", "2", "3", "4"]
           from age in (string[])["<25", "25-29", "30-35", ">35"]
           from holders in (float[])[52, 110, 171]
           select new Policy
           {
               District = district, Age = age, Holders = holders,
               Claims = MathF.Round(holders * (age == "<25" ? 0.25f : 0.12f) + (district.Length + holders) % 7),
           },
    ];

    public static readonly Point[] Points =
        [.. Enumerable.Range(0, 40).Select(i => new Point { Features = [i / 8f, (i * 7 % 11) / 4f], Label = MathF.Sin(i / 4f) + (i * 7 % 11) / 9f, IsHigh = i * 7 % 5 > 1 })];

    public static readonly Flower[] Flowers =
    [
        .. Enumerable.Range(0, 90).Select(i => new Flower
        {
            Length = i * 37 % 23, Width = i * 17 % 13, Kind = (i * 37 % 23 + i * 5 % 9) switch { < 9 => "small", < 20 => "middle", _ => "large" },
        }),
    ];

    private static readonly Lazy<byte[]> claims = new(() => Claims(1)), curve = new(Curve), kinds = new(Kinds), drift = new(() => Drift(["Claims"]));

    public static byte[] ClaimsFile => claims.Value;

    public static byte[] CurveFile => curve.Value;

    public static byte[] KindsFile => kinds.Value;

    public static byte[] DriftFile => drift.Value;

    public static JsonSerializerOptions Json { get; } = new() { IncludeFields = true };

    /// <summary>A model of claims; so many times as many of them.</summary>
    public static byte[] Claims(float times)
    {
        var rows = Ml.Data.LoadFromEnumerable(Policies.Select(policy => policy with { Claims = times * policy.Claims }));
        return Save(rows, Ml.Transforms.Categorical.OneHotEncoding([new("DistrictCode", "District"), new("AgeCode", "Age")])
            .Append(Ml.Transforms.Concatenate("Features", "DistrictCode", "AgeCode"))
            .Append(Ml.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Holders")));
    }

    /// <summary>A monitor of the claims' rows.</summary>
    public static byte[] Drift(IReadOnlyList<string> ignore)
    {
        var stream = new MemoryStream();
        Ml.Data.CreateDriftMonitor(Ml.Data.LoadFromEnumerable(Policies), new() { Ignore = ignore }, window: 200).Save(stream);
        return stream.ToArray();
    }

    /// <summary>The columns that a file adds to rows when it is scored here, by name.</summary>
    public static Dictionary<string, float[]> Scored<T>(byte[] file, IEnumerable<T> rows, params string[] columns)
        where T : class
    {
        var fresh = new MLContext();
        var scored = fresh.Model.Load(new MemoryStream(file), out _).Transform(fresh.Data.LoadFromEnumerable(rows));
        return columns.ToDictionary(column => column, column => scored.GetColumn<float>(column).ToArray());
    }

    public static byte[] Save(IDataView rows, IEstimator<ITransformer> pipeline, bool withSchema = true)
    {
        var stream = new MemoryStream();
        Ml.Model.Save(pipeline.Fit(rows), withSchema ? rows.Schema : null, stream);
        return stream.ToArray();
    }

    private static byte[] Curve() => Save(
        Ml.Data.LoadFromEnumerable(Points),
        Ml.Regression.Trainers.GaussianProcess(new() { Kernel = Kernel.Parse("rbf") }));

    private static byte[] Kinds() => Save(
        Ml.Data.LoadFromEnumerable(Flowers),
        Ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(Ml.Transforms.Concatenate("Features", "Length", "Width"))
            .Append(Ml.MulticlassClassification.Trainers.MultinomialRegression()));

    public sealed record Policy
    {
        public string District { get; init; } = "";

        public string Age { get; init; } = "";

        public float Holders { get; init; }

        public float Claims { get; init; }
    }

    public sealed record Point
    {
        [VectorType(2)] public float[] Features { get; init; } = [];

        public float Label { get; init; }

        public bool IsHigh { get; init; }
    }

    public sealed record Flower
    {
        public float Length { get; init; }

        public float Width { get; init; }

        public string Kind { get; init; } = "";
    }
}
