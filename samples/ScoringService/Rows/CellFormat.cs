using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>Reads the value at which the JSON stands; false: it is of another kind.</summary>
internal delegate bool CellReader<T>(ref Utf8JsonReader json, out T value);

/// <summary>How a value of a column is written in JSON.</summary>
/// <param name="Wanted">What messages say it must be.</param>
/// <param name="JsonType">Its type in JSON schema.</param>
/// <param name="TakesNull">Whether null says that it is missing.</param>
internal abstract record CellFormat(string Wanted, string JsonType, bool TakesNull)
{
    /// <summary>The format of a type's values; null: JSON cannot say them.</summary>
    public static CellFormat? Of(DataViewType type)
    {
        if (type is KeyDataViewType key)
            return OfKey(key);
        return type switch
        {
            TextDataViewType => new CellFormat<ReadOnlyMemory<char>>("text", "string", default, Text, TakesNull: true),
            BooleanDataViewType => new CellFormat<bool>("true or false", "boolean", false, Boolean),
            DateTimeDataViewType => new CellFormat<DateTime>("a date and time such as \"2030-12-31T23:59:00\"", "string", default, Date),
            DateTimeOffsetDataViewType => new CellFormat<DateTimeOffset>(
                "a date, time and offset such as \"2030-12-31T23:59:00+01:00\"", "string", default, DateWithOffset),
            TimeSpanDataViewType => new CellFormat<TimeSpan>("a time span such as \"1.02:03:04\"", "string", default, Span),
            NumberDataViewType => OfNumber(type.RawType),
            _ => null,
        };
    }

    private static CellFormat? OfNumber(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Single => new CellFormat<float>("a number or null", "number", float.NaN, Single, TakesNull: true),
        TypeCode.Double => new CellFormat<double>("a number or null", "number", double.NaN, Double, TakesNull: true),
        TypeCode.SByte => Whole((ref Utf8JsonReader json, out sbyte value) => json.TryGetSByte(out value)),
        TypeCode.Byte => Whole((ref Utf8JsonReader json, out byte value) => json.TryGetByte(out value)),
        TypeCode.Int16 => Whole((ref Utf8JsonReader json, out short value) => json.TryGetInt16(out value)),
        TypeCode.UInt16 => Whole((ref Utf8JsonReader json, out ushort value) => json.TryGetUInt16(out value)),
        TypeCode.Int32 => Whole((ref Utf8JsonReader json, out int value) => json.TryGetInt32(out value)),
        TypeCode.UInt32 => Whole((ref Utf8JsonReader json, out uint value) => json.TryGetUInt32(out value)),
        TypeCode.Int64 => Whole((ref Utf8JsonReader json, out long value) => json.TryGetInt64(out value)),
        TypeCode.UInt64 => Whole((ref Utf8JsonReader json, out ulong value) => json.TryGetUInt64(out value)),
        _ => null,
    };

    private static CellFormat? OfKey(KeyDataViewType key) => Type.GetTypeCode(key.RawType) switch
    {
        TypeCode.Byte => Key<byte>(key.Count),
        TypeCode.UInt16 => Key<ushort>(key.Count),
        TypeCode.UInt32 => Key<uint>(key.Count),
        TypeCode.UInt64 => Key<ulong>(key.Count),
        _ => null,
    };

    private static CellFormat<T> Whole<T>(CellReader<T> read)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}"),
        "integer",
        default,
        (ref Utf8JsonReader json, out T value) =>
        {
            value = default;
            return json.TokenType == JsonTokenType.Number && read(ref json, out value);
        });

    private static CellFormat<T> Key<T>(ulong count)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {count} or null"),
        "integer",
        default,
        (ref Utf8JsonReader json, out T value) =>
        {
            value = default;
            if (json.TokenType != JsonTokenType.Number || !json.TryGetUInt64(out ulong number) || number < 1 || number > count)
                return false;
            value = T.CreateTruncating(number);
            return true;
        },
        TakesNull: true);

    private static bool Single(ref Utf8JsonReader json, out float value)
    {
        value = 0;
        return json.TokenType == JsonTokenType.Number && json.TryGetSingle(out value) && float.IsFinite(value);
    }

    private static bool Double(ref Utf8JsonReader json, out double value)
    {
        value = 0;
        return json.TokenType == JsonTokenType.Number && json.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static bool Boolean(ref Utf8JsonReader json, out bool value)
    {
        value = json.TokenType == JsonTokenType.True;
        return value || json.TokenType == JsonTokenType.False;
    }

    private static bool Text(ref Utf8JsonReader json, out ReadOnlyMemory<char> value)
    {
        bool isText = json.TokenType == JsonTokenType.String;
        value = isText ? json.GetString().AsMemory() : default;
        return isText;
    }

    private static bool Date(ref Utf8JsonReader json, out DateTime value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String && json.TryGetDateTime(out value);
    }

    private static bool DateWithOffset(ref Utf8JsonReader json, out DateTimeOffset value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out value);
    }

    private static bool Span(ref Utf8JsonReader json, out TimeSpan value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String
            && TimeSpan.TryParse(json.GetString(), CultureInfo.InvariantCulture, out value);
    }
}

/// <summary>How a value of a type is written in JSON.</summary>
internal sealed record CellFormat<T>(string Wanted, string JsonType, T Missing, CellReader<T> Read, bool TakesNull = false)
    : CellFormat(Wanted, JsonType, TakesNull);
