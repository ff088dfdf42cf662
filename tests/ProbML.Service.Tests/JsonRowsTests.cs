using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples.Scoring;

namespace ProbML.Service.Tests;

public class JsonRowsTests
{
    public static TheoryData<string, string, object> Values => new()
    {
        { nameof(Cells.Single), "1.5", 1.5f }, { nameof(Cells.Double), "-1e300", -1e300 }, { nameof(Cells.Boolean), "true", true },
        { nameof(Cells.SByte), "-128", sbyte.MinValue }, { nameof(Cells.Byte), "255", byte.MaxValue }, { nameof(Cells.Int16), "-5", (short)-5 },
        { nameof(Cells.UInt16), "65535", ushort.MaxValue }, { nameof(Cells.Int32), "-7", -7 }, { nameof(Cells.UInt32), "4294967295", uint.MaxValue },
        { nameof(Cells.Int64), "-9223372036854775808", long.MinValue }, { nameof(Cells.UInt64), "18446744073709551615", ulong.MaxValue },
        { nameof(Cells.Date), "\"2030-12-31T23:59:00\"", new DateTime(2030, 12, 31, 23, 59, 0) },
        { nameof(Cells.Offset), "\"2030-12-31T23:59:00+01:00\"", new DateTimeOffset(2030, 12, 31, 23, 59, 0, TimeSpan.FromHours(1)) },
        { nameof(Cells.Span), "\"1.02:03:04\"", new TimeSpan(1, 2, 3, 4) }, { nameof(Cells.Single), "null", float.NaN },
    };

    [Theory, MemberData(nameof(Values))]
    public void A_value_of_every_type_is_read(string column, string json, object expected)
    {
        var rows = Buffer(column);
        Assert.Null(Add(rows, $$"""{"{{column}}":{{json}}}"""));
        var read = typeof(JsonRowsTests).GetMethod(nameof(Read), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(expected.GetType()).Invoke(null, [rows]);
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData(nameof(Cells.Byte), "256", "a whole number from 0 to 255")]
    [InlineData(nameof(Cells.Int32), "1.5", "a whole number from -2147483648")]
    [InlineData(nameof(Cells.Int32), "null", "but is null")]
    [InlineData(nameof(Cells.Boolean), "1", "true or false")]
    [InlineData(nameof(Cells.Date), "\"yesterday\"", "a date and time")]
    [InlineData(nameof(Cells.Span), "\"long\"", "a time span")]
    [InlineData(nameof(Cells.Fixed), "[1,2]", "an array of 3, but has 2")]
    [InlineData(nameof(Cells.Fixed), "[1,2,3,4]", "an array of 3, but has 4")]
    [InlineData(nameof(Cells.Fixed), "[1,[2],3]", "at place 1, but there is an array")]
    [InlineData(nameof(Cells.Fixed), "{}", "must be an array of 3")]
    [InlineData(nameof(Cells.Key), "6", "from 1 to 5")]
    [InlineData(nameof(Cells.Key), "0", "from 1 to 5")]
    public void A_value_of_another_kind_is_named(string column, string json, string message)
    {
        var rows = Buffer(column);
        var fault = Add(rows, $$"""{"{{column}}":{{json}}}""");
        Assert.Equal(column, fault?.Column);
        Assert.Contains(message, fault!.Message, StringComparison.Ordinal);
        Assert.Equal(0, rows.Count);
    }

    [Fact]
    public void Vectors_of_one_length_and_of_any_are_read_and_copies_are_independent()
    {
        var rows = Buffer(nameof(Cells.Fixed), nameof(Cells.Any));
        Assert.Null(Add(rows, """{"Fixed":[1,null,3],"Any":[]}"""));
        Assert.Null(Add(rows, """{"Any":["a","b"],"Fixed":[4,5,6]}"""));
        var copy = rows.Required();
        rows.CutTo(0);
        Assert.Null(Add(rows, """{"Any":["c"],"Fixed":[7,8,9]}"""));
        var view = new RowView(copy);
        Assert.Equal([[1, float.NaN, 3], [4, 5, 6]], view.GetColumn<float[]>("Fixed").ToArray());
        Assert.Equal([[], ["a", "b"]], view.GetColumn<string[]>("Any").ToArray());
    }

    private static JsonRows Buffer(params string[] columns)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var column in new MLContext().Data.LoadFromEnumerable<Cells>([]).Schema.Where(column => columns.Contains(column.Name)))
            schema.AddColumn(column.Name, column.Type);
        var whole = schema.ToSchema();
        return new(whole, [.. whole.Select(column => new ModelInput(column.Name, column.Type, InputRole.Required))], 4);
    }

    private static RowFault? Add(JsonRows rows, string text)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        json.Read();
        var fault = rows.Add(ref json, 1);
        Assert.Equal(JsonTokenType.EndObject, json.TokenType);
        Assert.False(json.Read());
        return fault;
    }

    private static T Read<T>(JsonRows rows)
    {
        var value = default(T)!;
        rows.Getter<T>(rows.Schema[0], () => 0)(ref value);
        return value;
    }

    private sealed class Cells
    {
        public float Single { get; set; }
        public double Double { get; set; }
        public bool Boolean { get; set; }
        public sbyte SByte { get; set; }
        public byte Byte { get; set; }
        public short Int16 { get; set; }
        public ushort UInt16 { get; set; }
        public int Int32 { get; set; }
        public uint UInt32 { get; set; }
        public long Int64 { get; set; }
        public ulong UInt64 { get; set; }
        public DateTime Date { get; set; }
        public DateTimeOffset Offset { get; set; }
        public TimeSpan Span { get; set; }
        [VectorType(3)] public float[] Fixed { get; set; } = [];
        [VectorType] public string[] Any { get; set; } = [];
        [KeyType(5)] public uint Key { get; set; }
    }
}
