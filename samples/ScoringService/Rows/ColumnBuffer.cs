using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>The values of one column in a block of rows.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>An empty column of a type; null: JSON cannot say its values.</summary>
    public static ColumnBuffer? Create(DataViewType type, int capacity) => type is VectorDataViewType vector
        ? Create(CellFormat.Of(vector.ItemType), capacity, vector.Size)
        : Create(CellFormat.Of(type), capacity, size: null);

    /// <summary>Reads the value at which the JSON stands.</summary>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public abstract string? Read(ref Utf8JsonReader json, int row);

    /// <summary>Says that a row has no value.</summary>
    public abstract void Clear(int row);

    /// <summary>What gets the value of the row that is asked for.</summary>
    public abstract Delegate Getter(Func<int> row);

    /// <summary>The first rows, independent of these.</summary>
    public abstract ColumnBuffer Copy(int rows);

    /// <summary>What stands in the JSON, in words.</summary>
    protected static string Found(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"the text \"{Short(json.GetString()!)}\"",
        _ => $"the number {Short(Encoding.UTF8.GetString(json.ValueSpan))}",
    };

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static ColumnBuffer? Create(CellFormat? format, int capacity, int? size) => format switch
    {
        CellFormat<float> it => Create(it, capacity, size),
        CellFormat<double> it => Create(it, capacity, size),
        CellFormat<ReadOnlyMemory<char>> it => Create(it, capacity, size),
        CellFormat<bool> it => Create(it, capacity, size),
        CellFormat<sbyte> it => Create(it, capacity, size),
        CellFormat<byte> it => Create(it, capacity, size),
        CellFormat<short> it => Create(it, capacity, size),
        CellFormat<ushort> it => Create(it, capacity, size),
        CellFormat<int> it => Create(it, capacity, size),
        CellFormat<uint> it => Create(it, capacity, size),
        CellFormat<long> it => Create(it, capacity, size),
        CellFormat<ulong> it => Create(it, capacity, size),
        CellFormat<DateTime> it => Create(it, capacity, size),
        CellFormat<DateTimeOffset> it => Create(it, capacity, size),
        CellFormat<TimeSpan> it => Create(it, capacity, size),
        _ => null,
    };

    private static ColumnBuffer Create<T>(CellFormat<T> format, int capacity, int? size) => size is { } length
        ? new VectorBuffer<T>(format, length, new T[capacity][])
        : new ScalarBuffer<T>(format, new T[capacity]);
}

/// <summary>A column of single values.</summary>
internal sealed class ScalarBuffer<T>(CellFormat<T> format, T[] values) : ColumnBuffer
{
    public override string? Read(ref Utf8JsonReader json, int row)
    {
        if (json.TokenType == JsonTokenType.Null && format.TakesNull)
            values[row] = format.Missing;
        else if (!format.Read(ref json, out values[row]))
            return $"must be {format.Wanted}, but is {Found(ref json)}";
        return null;
    }

    public override void Clear(int row) => values[row] = format.Missing;

    public override Delegate Getter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = values[row()]);

    public override ColumnBuffer Copy(int rows) => new ScalarBuffer<T>(format, values[..rows]);
}

/// <summary>A column of vectors; of one length, or, where that is 0, of any.</summary>
internal sealed class VectorBuffer<T>(CellFormat<T> format, int length, T[][] values) : ColumnBuffer
{
    private readonly List<T> read = new(length);

    public override string? Read(ref Utf8JsonReader json, int row)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return $"must be an array{(length > 0 ? $" of {length}" : "")}, each {format.Wanted}, but is {Found(ref json)}";
        read.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var item = format.Missing;
            if (!(json.TokenType == JsonTokenType.Null && format.TakesNull) && !format.Read(ref json, out item))
                return $"must have {format.Wanted} at place {read.Count}, but there is {Found(ref json)}";
            read.Add(item);
        }
        if (length > 0 && read.Count != length)
            return $"must be an array of {length}, but has {read.Count} values";
        if (values[row]?.Length != read.Count)
            values[row] = new T[read.Count];
        read.CopyTo(values[row]);
        return null;
    }

    public override void Clear(int row)
    {
        if (values[row]?.Length != length)
            values[row] = new T[length];
        Array.Fill(values[row], format.Missing);
    }

    public override Delegate Getter(Func<int> row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        var source = values[row()];
        var editor = VBufferEditor.Create(ref value, source.Length);
        source.CopyTo(editor.Values);
        value = editor.Commit();
    });

    public override ColumnBuffer Copy(int rows) =>
        new VectorBuffer<T>(format, length, [.. values.Take(rows).Select(row => (T[])row.Clone())]);
}
