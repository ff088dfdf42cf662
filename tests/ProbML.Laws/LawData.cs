using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>A row with the same four features in every type, and a response in three.</summary>
public sealed class LawRow
{
    public float A { get; set; }

    public float B { get; set; }

    public float C { get; set; }

    public float D { get; set; }

    [VectorType(4)]
    public float[] Features { get; set; } = [];

    [VectorType(4)]
    public double[] Doubles { get; set; } = [];

    [VectorType(4)]
    public VBuffer<float> Sparse { get; set; }

    public float[] Unsized { get; set; } = [];

    public float Number { get; set; }

    public bool Class { get; set; }

    /// <summary>A place in <see cref="LawData.Levels"/>, which a view makes a key of; beyond them: missing.</summary>
    public uint Level { get; set; }

    public double Numbers { get; set; }

    public float Weight { get; set; } = 1;

    public double Offset { get; set; }

    public double Exposure { get; set; } = 1;

    public string Category { get; set; } = "";

    public string Group { get; set; } = "";

    public int Id { get; set; }

    public LawRow Clone() => (LawRow)MemberwiseClone();

    public LawRow With(Action<LawRow> change)
    {
        var copy = Clone();
        change(copy);
        return copy;
    }
}

/// <summary>The features alone: what a model is given when the answer is not known.</summary>
public sealed class FeatureRow
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];
}

/// <summary>Small data that every component can be fitted to: eighths, so that Single holds them exactly.</summary>
public static class LawData
{
    public static IReadOnlyList<string> Levels { get; } = ["low", "middle", "high"];

    public static List<LawRow> Rows(Component component, int count = 400, int seed = 7)
    {
        var random = new Random(seed);
        var rows = new List<LawRow>(count);
        for (int i = 0; i < count; i++)
        {
            var x = new float[4];
            for (int j = 0; j < x.Length; j++)
                x[j] = random.Next(3) == 0 ? 0 : random.Next(-8, 9) / 8f;
            bool isRare = component.Task == PredictionTask.AnomalyDetection && i % 40 == 1;
            if (isRare)
                x = [2.5f, -2, x[2], 1.5f];
            x = component.Features?.Invoke(x) ?? x;
            double eta = 0.25 + 0.5 * x[0] - 1.25 * x[1] + 0.25 * x[2] + 0.125 * x[3];
            int group = i * 7 % 12;
            double y = component.Response(eta + (component.HasGroups ? 0.5 * (group % 5 - 2) : 0), random);
            int[] places = [.. Enumerable.Range(0, x.Length).Where(j => x[j] != 0)];
            rows.Add(new()
            {
                A = x[0],
                B = x[1],
                C = x[2],
                D = x[3],
                Features = x,
                Doubles = [.. x.Select(value => (double)value)],
                Sparse = new VBuffer<float>(4, places.Length, [.. places.Select(j => x[j])], places),
                Unsized = x,
                Number = isRare ? 1 : (float)y,
                Class = y > 0.5,
                Level = (uint)Math.Clamp(y, 0, 2),
                Numbers = (float)y,
                Offset = random.Next(-4, 5) / 8.0,
                Category = "abc"[i % 3].ToString(),
                Group = $"g{group}",
                Id = i,
            });
        }
        return rows;
    }

    public static IDataView View(this MLContext context, IEnumerable<LawRow> rows) =>
        context.Data.LoadFromEnumerable(rows, WithLevels());

    private static SchemaDefinition WithLevels()
    {
        var definition = SchemaDefinition.Create(typeof(LawRow));
        var level = definition[nameof(LawRow.Level)];
        level.ColumnType = new KeyDataViewType(typeof(uint), Levels.Count);
        level.AddAnnotation(
            "KeyValues",
            new VBuffer<ReadOnlyMemory<char>>(Levels.Count, [.. Levels.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, Levels.Count));
        return definition;
    }
}
