using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples;

/// <summary>Readings of electricity meters, and what is fitted to them.</summary>
internal sealed class Meters
{
    private static readonly string[] features = ["Temperature", "Hour", "Weekend"];

    [LoadColumn(0)] public float Temperature { get; set; }
    [LoadColumn(1)] public float Hour { get; set; }
    [LoadColumn(2)] public float Weekend { get; set; }
    [LoadColumn(3)] public float Consumption { get; set; }

    public static ProbabilisticTrainer<GlmModel> Trainer(MLContext mlContext) =>
        mlContext.Regression.Trainers.GammaRegression("Consumption", link: Links.Log);

    public static IDataView Load(MLContext mlContext, params string[] paths)
    {
        var rows = mlContext.Data.CreateTextLoader<Meters>(separatorChar: ',', hasHeader: true).Load(paths);
        return mlContext.Data.Cache(mlContext.Transforms.Concatenate("Features", features).Fit(rows).Transform(rows));
    }

    /// <summary>Writes readings whose mean falls with temperature and rises through the day.</summary>
    public static string Write(string path, int rows, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(path);
        writer.WriteLine("temperature,hour,weekend,consumption");
        for (int i = 0; i < rows; i++)
        {
            double temperature = -10 + 40 * random.NextDouble(), hour = 24 * random.NextDouble();
            int weekend = random.Next(7) < 2 ? 1 : 0;
            double mean = Math.Exp(0.5 - 0.03 * temperature + 0.02 * hour + 0.2 * weekend);
            double reading = -mean / 2 * (Math.Log(1 - random.NextDouble()) + Math.Log(1 - random.NextDouble()));      // Gamma of shape 2
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{temperature:F1},{hour:F1},{weekend},{Math.Max(reading, 1e-4):F4}"));
        }
        return path;
    }

    public static double Difference(GlmModel one, GlmModel other) =>
        one.Coefficients.Zip(other.Coefficients, (a, b) => Math.Abs(a.Estimate - b.Estimate) / a.StandardError).Max();
}
