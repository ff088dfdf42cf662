using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>A column of a prediction, on its way from a row to JSON.</summary>
/// <remarks>A number that is none is null in JSON, and an infinite one the text "Infinity" or "-Infinity".</remarks>
internal abstract class PredictionCell(string name)
{
    /// <summary>No more is escaped than JSON must: what is answered is no part of a page.</summary>
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private delegate void CellWriter<T>(Utf8JsonWriter json, T value);

    private readonly JsonEncodedText name = JsonEncodedText.Encode(name, Json.Encoder);

    /// <summary>The cell of a column in a row.</summary>
    /// <exception cref="NotSupportedException">JSON cannot say its values.</exception>
    public static PredictionCell Create(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint))
        {
            var names = KeyNames(column);
            return new Scalar<uint>(row, column, (json, key) => WriteKey(json, key, names));
        }
        var type = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return type switch
        {
            NumberDataViewType or KeyDataViewType => Type.GetTypeCode(type.RawType) switch
            {
                TypeCode.Single => Create<float>(row, column, (json, value) => Write(json, value)),
                TypeCode.Double => Create<double>(row, column, (json, value) => Write(json, value)),
                TypeCode.SByte => Create<sbyte>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.Byte => Create<byte>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.Int16 => Create<short>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.UInt16 => Create<ushort>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.Int32 => Create<int>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.UInt32 => Create<uint>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.Int64 => Create<long>(row, column, (json, value) => json.WriteNumberValue(value)),
                TypeCode.UInt64 => Create<ulong>(row, column, (json, value) => json.WriteNumberValue(value)),
                _ => throw Unknown(column),
            },
            BooleanDataViewType => Create<bool>(row, column, (json, value) => json.WriteBooleanValue(value)),
            TextDataViewType => Create<ReadOnlyMemory<char>>(row, column, (json, value) => json.WriteStringValue(value.Span)),
            _ => throw Unknown(column),
        };
    }

    /// <summary>The type of a column's values in JSON schema; null: JSON cannot say them.</summary>
    public static string? JsonType(DataViewType type) => type switch
    {
        KeyDataViewType => "string",
        NumberDataViewType number => number.RawType == typeof(float) || number.RawType == typeof(double) ? "number" : "integer",
        BooleanDataViewType => "boolean",
        TextDataViewType => "string",
        VectorDataViewType { ItemType: var item } => JsonType(item) is null ? null : "array",
        _ => null,
    };

    /// <summary>Computes the value of the row.</summary>
    public abstract void Fetch();

    /// <summary>Writes what was fetched, with its name.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName(name);
        WriteValue(json);
    }

    protected abstract void WriteValue(Utf8JsonWriter json);

    private static PredictionCell Create<T>(DataViewRow row, DataViewSchema.Column column, CellWriter<T> write) =>
        column.Type is VectorDataViewType ? new Vector<T>(row, column, write) : new Scalar<T>(row, column, write);

    private static NotSupportedException Unknown(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' of the prediction is {column.Type}, which JSON cannot say.");

    private static void Write(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            WriteNoNumber(json, value);
    }

    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            WriteNoNumber(json, value);
    }

    private static void WriteNoNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsNaN(value))
            json.WriteNullValue();
        else
            json.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
    }

    private static void WriteKey(Utf8JsonWriter json, uint key, string[]? names)
    {
        if (key == 0)
            json.WriteNullValue();
        else if (names is not null && key <= names.Length)
            json.WriteStringValue(names[key - 1]);
        else
            json.WriteStringValue(key.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What the keys stand for; null: the column does not say.</summary>
    private static string[]? KeyNames(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is not { Type: VectorDataViewType { ItemType: var type } } )
            return null;
        return type.RawType == typeof(ReadOnlyMemory<char>) ? Names<ReadOnlyMemory<char>>(column)
            : type.RawType == typeof(float) ? Names<float>(column)
            : type.RawType == typeof(double) ? Names<double>(column)
            : type.RawType == typeof(int) ? Names<int>(column)
            : type.RawType == typeof(uint) ? Names<uint>(column)
            : type.RawType == typeof(long) ? Names<long>(column)
            : type.RawType == typeof(bool) ? Names<bool>(column)
            : null;
    }

    private static string[] Names<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString((object?)value, CultureInfo.InvariantCulture)!)];
    }

    private sealed class Scalar<T>(DataViewRow row, DataViewSchema.Column column, CellWriter<T> write) : PredictionCell(column.Name)
    {
        private readonly ValueGetter<T> getter = row.GetGetter<T>(column);
        private T value = default!;

        public override void Fetch() => getter(ref value);

        protected override void WriteValue(Utf8JsonWriter json) => write(json, value);
    }

    private sealed class Vector<T>(DataViewRow row, DataViewSchema.Column column, CellWriter<T> write) : PredictionCell(column.Name)
    {
        private readonly ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        private VBuffer<T> values;

        public override void Fetch() => getter(ref values);

        protected override void WriteValue(Utf8JsonWriter json)
        {
            json.WriteStartArray();
            foreach (var value in values.DenseValues())
                write(json, value);
            json.WriteEndArray();
        }
    }
}
