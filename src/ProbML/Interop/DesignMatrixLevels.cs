using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>How the values of a column name levels: as text, and in which order.</summary>
internal abstract class LevelColumn
{
    /// <summary>The kinds of columns that hold levels; null: this one holds none.</summary>
    public static LevelColumn? Of(DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => new LevelColumn<ReadOnlyMemory<char>>(column, LevelKind.Text),
        BooleanDataViewType => new LevelColumn<bool>(column, LevelKind.Boolean),
        KeyDataViewType key => OfKey(column, key),
        NumberDataViewType number => OfInteger(column, number.RawType),
        _ => null,
    };

    /// <summary>Whether the column's type alone can hold levels, for pipelines that ask before there are data.</summary>
    public static bool Supports(DataViewType itemType) =>
        itemType is TextDataViewType or BooleanDataViewType
        || (itemType is NumberDataViewType && itemType.RawType != typeof(float) && itemType.RawType != typeof(double));

    /// <summary>Gathers the levels that occur, over one cursor.</summary>
    public abstract (Action Collect, Func<string[]> Levels) Learner(DataViewRow row);

    /// <summary>Gives the place of the current row's level, −1 for a missing or another one.</summary>
    public abstract Func<int> Indexer(DataViewRow row, IReadOnlyList<string> levels);

    /// <summary>Gives the name of the current row's level, empty for a missing one; valid until the next row.</summary>
    public abstract Func<ReadOnlyMemory<char>> Namer(DataViewRow row);

    /// <summary>The whole numbers that the levels are stored as, a negative one for a level that cannot occur; null: text.</summary>
    public abstract long[]? Codes(IReadOnlyList<string> levels);

    /// <summary>The first of <paramref name="levels"/> that can never be a value of this column, or null.</summary>
    public abstract string? Impossible(IReadOnlyList<string> levels);

    private static LevelColumn? OfInteger(DataViewSchema.Column column, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => Integer<sbyte>(column),
        TypeCode.Byte => Integer<byte>(column),
        TypeCode.Int16 => Integer<short>(column),
        TypeCode.UInt16 => Integer<ushort>(column),
        TypeCode.Int32 => Integer<int>(column),
        TypeCode.UInt32 => Integer<uint>(column),
        TypeCode.Int64 => Integer<long>(column),
        TypeCode.UInt64 => Integer<ulong>(column),
        _ => null,
    };

    private static LevelColumn? OfKey(DataViewSchema.Column column, KeyDataViewType key) =>
        Type.GetTypeCode(key.RawType) switch
        {
            TypeCode.Byte => Key<byte>(column),
            TypeCode.UInt16 => Key<ushort>(column),
            TypeCode.UInt32 => Key<uint>(column),
            TypeCode.UInt64 => Key<ulong>(column),
            _ => null,
        };

    private static LevelColumn<T> Integer<T>(DataViewSchema.Column column)
        where T : struct, IBinaryInteger<T> => new(column, LevelKind.Integer<T>());

    private static LevelColumn<T> Key<T>(DataViewSchema.Column column)
        where T : struct, IBinaryInteger<T> => new(column, LevelKind.Key<T>(KeyNames.Of(column)));
}

/// <inheritdoc/>
internal sealed class LevelColumn<T>(DataViewSchema.Column column, LevelKind<T> kind) : LevelColumn
    where T : notnull
{
    private const int MostNames = 100_000;                 // formatted once; more are formatted anew

    public override (Action Collect, Func<string[]> Levels) Learner(DataViewRow row)
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        var seen = new HashSet<T>(kind.Comparer);
        T value = default!;
        return (Collect, () => [.. seen.Order(Comparer<T>.Create(kind.Order)).Select(kind.Format)]);

        void Collect()
        {
            getter(ref value);
            if (!kind.IsMissing(value) && !seen.Contains(value))
                seen.Add(kind.Keep(value));
        }
    }

    public override Func<int> Indexer(DataViewRow row, IReadOnlyList<string> levels)
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        var places = new Dictionary<T, int>(kind.Comparer);
        for (int i = 0; i < levels.Count; i++)
        {
            if (kind.TryParse(levels[i], out var level))
                places.TryAdd(level, i);
        }
        T value = default!;
        return () =>
        {
            getter(ref value);
            return places.TryGetValue(value, out int place) ? place : -1;
        };
    }

    public override Func<ReadOnlyMemory<char>> Namer(DataViewRow row)
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        T value = default!;
        if (getter is ValueGetter<ReadOnlyMemory<char>> text)
        {
            ReadOnlyMemory<char> name = default;
            return () =>
            {
                text(ref name);
                return name;
            };
        }
        var names = new Dictionary<T, ReadOnlyMemory<char>>(kind.Comparer);
        return () =>
        {
            getter(ref value);
            if (names.TryGetValue(value, out var name))
                return name;
            name = kind.IsMissing(value) ? default : kind.Format(value).AsMemory();
            if (names.Count < MostNames)
                names.Add(kind.Keep(value), name);
            return name;
        };
    }

    public override long[]? Codes(IReadOnlyList<string> levels) => column.Type is TextDataViewType
        ? null
        : [.. levels.Select(name => kind.TryParse(name, out var value)
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : long.MinValue)];

    public override string? Impossible(IReadOnlyList<string> levels) =>
        kind.IsOpen ? levels.FirstOrDefault(level => !kind.TryParse(level, out _)) : null;
}

internal delegate bool TryParseLevel<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>What a type's values have to do with the names of levels.</summary>
/// <param name="TryParse">The value that a name stands for.</param>
/// <param name="Format">The name of a value.</param>
/// <param name="IsMissing">Whether a value stands for none.</param>
/// <param name="Order">The order of learned levels.</param>
/// <param name="Comparer">When two values are one level.</param>
/// <param name="Keep">A copy that outlives the row.</param>
/// <param name="IsOpen">Whether names that do not parse are a mistake rather than levels that do not occur (keys).</param>
internal sealed record LevelKind<T>(
    TryParseLevel<T> TryParse,
    Func<T, string> Format,
    Func<T, bool> IsMissing,
    Comparison<T> Order,
    IEqualityComparer<T> Comparer,
    Func<T, T> Keep,
    bool IsOpen = true);

internal static class LevelKind
{
    public static LevelKind<ReadOnlyMemory<char>> Text { get; } = new(
        (string text, out ReadOnlyMemory<char> value) =>
        {
            value = text.AsMemory();
            return true;
        },
        value => value.ToString(),
        value => value.IsEmpty,
        (left, right) => left.Span.SequenceCompareTo(right.Span),
        new OrdinalText(),
        value => value.ToString().AsMemory());

    public static LevelKind<bool> Boolean { get; } = new(
        bool.TryParse,
        value => value ? bool.TrueString : bool.FalseString,
        value => false,
        (left, right) => left.CompareTo(right),
        EqualityComparer<bool>.Default,
        value => value);

    public static LevelKind<T> Integer<T>() where T : struct, IBinaryInteger<T> => new(
        (string text, out T value) => T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value),
        value => value.ToString(null, CultureInfo.InvariantCulture),
        value => false,
        (left, right) => left.CompareTo(right),
        EqualityComparer<T>.Default,
        value => value);

    /// <summary>Keys count from 1, and 0 is missing; without names a level is called by its number.</summary>
    public static LevelKind<T> Key<T>(string[]? names) where T : struct, IBinaryInteger<T> => Integer<T>() with
    {
        TryParse = names is null ? Integer<T>().TryParse : ByName<T>(names),
        Format = names is null ? Integer<T>().Format : value => names[int.CreateChecked(value) - 1],
        IsMissing = T.IsZero,
        IsOpen = names is null,
    };

    private static TryParseLevel<T> ByName<T>(string[] names) where T : struct, IBinaryInteger<T>
    {
        var places = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
            places.TryAdd(names[i], i + 1);
        return (string text, out T value) =>
        {
            value = T.CreateChecked(places.GetValueOrDefault(text));
            return !T.IsZero(value);
        };
    }

    private sealed class OrdinalText : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> obj) => string.GetHashCode(obj.Span);
    }
}

/// <summary>What a key column's values are called.</summary>
internal static class KeyNames
{
    /// <summary>The texts of the KeyValues annotation, [count]; null: there is none.</summary>
    public static string[]? Of(DataViewSchema.Column column)
    {
        var annotation = column.Annotations.Schema.GetColumnOrNull("KeyValues");
        if (annotation?.Type is not VectorDataViewType { IsKnownSize: true } type)
            return null;
        return Type.GetTypeCode(type.ItemType.RawType) switch
        {
            TypeCode.Int32 => Read<int>(column),
            TypeCode.UInt32 => Read<uint>(column),
            TypeCode.Int64 => Read<long>(column),
            TypeCode.Single => Read<float>(column),
            TypeCode.Double => Read<double>(column),
            TypeCode.Boolean => Read<bool>(column),
            _ => type.ItemType is TextDataViewType ? Read<ReadOnlyMemory<char>>(column) : null,
        };
    }

    private static string[] Read<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue("KeyValues", ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
