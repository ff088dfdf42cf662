using Apache.Arrow;
using Apache.Arrow.Ipc;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;

namespace ProbML.Databases.Tests;

/// <summary>Scored rows in an Arrow file are those of the pipeline.</summary>
public sealed class ArrowTests : IDisposable
{
    private const int Count = 70_000;                       // more than a batch

    private readonly MLContext context = new(1);
    private readonly string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.arrow");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Scored_rows_are_read_back()
    {
        var rows = context.Data.LoadFromEnumerable(Rows());
        var model = context.Transforms.Conversion.MapValueToKey("Key", "Kind")
            .Append(context.Transforms.Concatenate("Features", "X", "Z"))
            .Append(context.Regression.Trainers.PoissonRegression("Y"))
            .Fit(rows);
        var scored = model.Transform(rows);
        ArrowFile.Write(path, scored, "Kind", "Key", "IsLarge", "Number", "Exact", "Features", "Score", "LowerBound", "UpperBound");

        using var reader = new ArrowFileReader(File.OpenRead(path));
        var batches = new List<RecordBatch>();
        while (reader.ReadNextRecordBatch() is { } batch)
            batches.Add(batch);
        Assert.Equal([65_536, Count - 65_536], batches.Select(batch => batch.Length));
        Assert.Equal(
            ["Kind", "Key", "IsLarge", "Number", "Exact", "Features", "Score", "LowerBound", "UpperBound"],
            batches[0].Schema.FieldsList.Select(field => field.Name));
        Assert.Equal(scored.GetColumn<float>("Score"), Values<FloatArray, float>(batches, "Score"));
        Assert.Equal(scored.GetColumn<float>("LowerBound"), Values<FloatArray, float>(batches, "LowerBound"));
        Assert.Equal(scored.GetColumn<uint>("Key"), Values<UInt32Array, uint>(batches, "Key"));
        Assert.Equal(scored.GetColumn<long>("Number"), Values<Int64Array, long>(batches, "Number"));
        Assert.Equal(scored.GetColumn<double>("Exact"), Values<DoubleArray, double>(batches, "Exact"));
        Assert.Equal(
            scored.GetColumn<string>("Kind"),
            batches.SelectMany(batch => Enumerable.Range(0, batch.Length).Select(i => ((StringArray)batch.Column("Kind")).GetString(i))));
        Assert.Equal(
            scored.GetColumn<bool>("IsLarge"),
            batches.SelectMany(batch => Enumerable.Range(0, batch.Length).Select(i => ((BooleanArray)batch.Column("IsLarge")).GetValue(i)!.Value)));
        Assert.Equal(
            scored.GetColumn<float[]>("Features").SelectMany(row => row),
            batches.SelectMany(batch => ((FloatArray)((FixedSizeListArray)batch.Column("Features")).Values).Values.ToArray()));
    }

    [Fact]
    public void A_column_of_another_type_is_refused()
    {
        var rows = context.Data.LoadFromEnumerable([new Row { When = new DateTime(2026, 1, 1) }]);
        var error = Assert.Throws<NotSupportedException>(() => ArrowFile.Write(path, rows, "When"));
        Assert.StartsWith("The column 'When' is of type DateTime", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static IEnumerable<T> Values<TArray, T>(List<RecordBatch> batches, string column)
        where TArray : PrimitiveArray<T>
        where T : struct, IEquatable<T> => batches.SelectMany(batch => ((TArray)batch.Column(column)).Values.ToArray());

    private static IEnumerable<Row> Rows() => Enumerable.Range(0, Count).Select(i => new Row
    {
        X = i % 7,
        Z = i % 11 / 11f,
        Y = i * 37 % (1 + (i % 7)),
        Kind = "abc"[i % 3] + (i % 5 == 0 ? " ä" : ""),
        IsLarge = i % 2 == 0,
        Number = 10_000_000_000 + i,
        Exact = 1.0 / (1 + i),
    });

    private sealed class Row
    {
        public float X { get; set; }

        public float Z { get; set; }

        public float Y { get; set; }

        public string Kind { get; set; } = "";

        public bool IsLarge { get; set; }

        public long Number { get; set; }

        public double Exact { get; set; }

        public DateTime When { get; set; }
    }
}
