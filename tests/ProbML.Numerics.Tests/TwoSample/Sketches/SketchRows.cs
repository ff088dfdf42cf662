using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample.Sketches;

/// <summary>Rows of two columns of numbers, one of them with missing values and far from zero, and one of levels.</summary>
internal sealed class SketchRows
{
    public static readonly SketchColumn[] Columns = [new("x", false), new("city", true), new("income", false)];
    private static readonly string[] cities = ["Oslo", "Bonn", "Rome", "São Paulo"];

    private readonly (double X, string City, double Income)[] rows;

    public SketchRows(int count, int seed, double shift = 0, double missing = 0.1)
    {
        var random = new Random(seed);
        rows = [.. Enumerable.Range(0, count).Select(_ => (
            random.NextDouble() + random.NextDouble() + shift,
            random.NextDouble() < 0.05 ? "" : cities[random.Next(cities.Length)],
            random.NextDouble() < missing ? double.NaN : 1e9 + Math.Exp(random.NextDouble())))];
    }

    public int Count => rows.Length;

    public double[] X => [.. rows.Select(row => row.X)];

    public double[] Income => [.. rows.Select(row => row.Income).Where(double.IsFinite)];

    public TableSketch Sketch(TableSketchOptions options, string source = "rows") => Part(0, rows.Length, options, source);

    /// <summary>The rows from one on, up to another, of a source of the name.</summary>
    public TableSketch Part(int from, int to, TableSketchOptions options, string source = "rows")
    {
        var builder = new TableSketchBuilder(Columns, source, options, from + 1);
        for (int i = from; i < to; i++)
            builder.Add([rows[i].X, rows[i].Income], [rows[i].City.AsMemory()]);
        return builder.Build();
    }
}
