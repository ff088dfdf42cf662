using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>Reads a column of single values as doubles: true is 1, the k-th key k − 1, a missing key NaN.</summary>
internal static class NumberGetter
{
    public static Func<double> Create(DataViewRow row, DataViewSchema.Column column)
    {
        bool isKey = column.Type is KeyDataViewType;
        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Single => Single(row, column),
            TypeCode.Double => Double(row, column),
            TypeCode.Boolean => Boolean(row, column),
            TypeCode.SByte => Integer<sbyte>(row, column, isKey),
            TypeCode.Byte => Integer<byte>(row, column, isKey),
            TypeCode.Int16 => Integer<short>(row, column, isKey),
            TypeCode.UInt16 => Integer<ushort>(row, column, isKey),
            TypeCode.Int32 => Integer<int>(row, column, isKey),
            TypeCode.UInt32 => Integer<uint>(row, column, isKey),
            TypeCode.Int64 => Integer<long>(row, column, isKey),
            TypeCode.UInt64 => Integer<ulong>(row, column, isKey),
            _ => throw new NotSupportedException($"Column '{column.Name}' of type {column.Type} is not a number."),
        };
    }

    /// <summary>Reads a key as what stands in its place of a list; NaN where nothing does.</summary>
    public static Func<double> Create(DataViewRow row, DataViewSchema.Column column, double[] values)
    {
        var index = Create(row, column);
        return () => index() is var k && k >= 0 && k < values.Length ? values[(int)k] : double.NaN;
    }

    private static Func<double> Single(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static Func<double> Double(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<double>(column);
        double value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static Func<double> Boolean(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<bool>(column);
        bool value = false;
        return () =>
        {
            getter(ref value);
            return value ? 1 : 0;
        };
    }

    private static Func<double> Integer<T>(DataViewRow row, DataViewSchema.Column column, bool isKey)
        where T : struct, IBinaryInteger<T>
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            double number = double.CreateTruncating(value);
            return !isKey ? number : number == 0 ? double.NaN : number - 1;
        };
    }
}
