using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Reports.Tests;

/// <summary>Rows whose truth is known: η = ½ + 0.7 a − 1.2 b + 0.4 c, with a response of every kind.</summary>
internal static class Rows
{
    public static readonly string[] Names = ["slope", "<script>alert('x')</script>", "flag & \"more\""];

    public static MLContext Context { get; } = new(1);

    public static IDataView Make(int count, int seed = 1)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        schema[nameof(Row.Features)].AddAnnotation(
            "SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(3, [.. Names.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, 3));
        return Context.Data.LoadFromEnumerable(Generate(count, seed), schema);
    }

    public static IEnumerable<Row> Generate(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            float a = (float)(4 * random.NextDouble() - 2), b = (float)random.NextDouble(), c = random.Next(2);
            double eta = 0.5 + 0.7 * a - 1.2 * b + 0.4 * c, z = NormalDistribution.Quantile(random.NextDouble());
            double u = random.NextDouble(), positive = Math.Exp(eta);
            int kind = z + eta < -0.3 ? 0 : z + eta < 0.9 ? 1 : 2;
            yield return new()
            {
                Features = [a, b, c],
                Number = (float)(eta + 0.6 * z),
                Count = (float)PoissonDistribution.Quantile(u, positive),
                Positive = (float)(positive * GammaDistribution.Quantile(random.NextDouble(), 3) / 3 + 1e-6),
                Sparse = (float)Math.Max(0, eta - 0.4 + 0.6 * z),
                Flag = random.NextDouble() < 1 / (1 + Math.Exp(-2 * eta)),
                Level = (string[])["low", "middle", "high"] is var levels ? levels[kind] : "",
                Group = $"g{(a > 0 ? 1 : 0) + 2 * random.Next(4)}",
            };
        }
    }

    internal sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public float Count { get; set; }

        public float Positive { get; set; }

        public float Sparse { get; set; }

        public bool Flag { get; set; }

        public string Level { get; set; } = "";

        public string Group { get; set; } = "";
    }
}
