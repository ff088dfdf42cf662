using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Tests;

namespace ProbML.DensityRatios;

/// <summary>A row that comes from the source, or from the target, where the model will be used.</summary>
internal sealed class ShiftedRow
{
    [VectorType(1)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public bool IsTarget { get; set; }

    /// <summary>The density ratio itself, p/q.</summary>
    public float TrueRatio { get; set; }

    public string Group { get; set; } = "";
}

/// <summary>Samples under covariate shift: p(x) differs, p(y | x) does not.</summary>
internal static class ShiftedRows
{
    private const double SourceCentre = 0.5, SourceSpread = 0.5, TargetSpread = 0.3;

    /// <summary>Shimodaira (2000), §4: y = x³ − x and noise that grows to the left; sources about ½, targets about 0.</summary>
    public static List<ShiftedRow> Draw(int count, int seed, double targetShare = 0.5, double noise = 0.1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            bool isTarget = random.NextDouble() < targetShare;
            double x = isTarget ? TargetSpread * Normal() : SourceCentre + SourceSpread * Normal();
            double spread = noise * (1 + 4 * Math.Max(0, 0.6 - x));
            return new ShiftedRow
            {
                Features = [(float)x],
                Label = (float)(x * x * x - x + spread * Normal()),
                IsTarget = isTarget,
                TrueRatio = (float)(Density(x / TargetSpread) / TargetSpread
                    / (Density((x - SourceCentre) / SourceSpread) / SourceSpread)),
                Group = random.Next(2) == 0 ? "a" : "b",
            };
        })];

        double Normal() => NormalDistribution.Quantile(1 - random.NextDouble());
    }

    /// <summary>Concrete (UCI): the rows of one half as they are, of the other those that chance keeps, young ones mostly.</summary>
    public static (IDataView Source, IDataView Target, IDataView Both) Concrete(MLContext context, int seed)
    {
        string path = SharedFolder.Require("data", "uci", "concrete.csv");
        var random = new Random(seed);
        List<ConcreteRow> source = [], target = [];
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            float[] values = [.. line.Split(',').Select(field => float.Parse(field, System.Globalization.CultureInfo.InvariantCulture))];
            bool isSource = random.Next(2) == 0;
            if (isSource || random.NextDouble() < Math.Exp(-values[7] / 30))
                (isSource ? source : target).Add(new() { Features = values[..8], Label = values[8], IsTarget = !isSource });
        }
        var load = context.Data;
        return (load.LoadFromEnumerable(source), load.LoadFromEnumerable(target), load.LoadFromEnumerable(source.Concat(target).ToList()));
    }

    private static double Density(double z) => Math.Exp(NormalDistribution.LogDensity(z));

    private sealed class ConcreteRow
    {
        [VectorType(8)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsTarget { get; set; }
    }
}
