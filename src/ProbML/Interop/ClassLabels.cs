using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>The classes of a key-typed label in the order of its keys: their names, and the values named.</summary>
/// <remarks>
/// The values are kept as text, in the invariant culture, which restores each number to the bit; types other than
/// numbers and Boolean stay text. A key without values has its keys, 1 to K, for names.
/// </remarks>
/// <param name="Names">[K].</param>
/// <param name="ValueType">What the values are; <see cref="TypeCode.Empty"/>: the key has none.</param>
internal sealed record ClassLabels(IReadOnlyList<string> Names, TypeCode ValueType)
{
    public int Count => Names.Count;

    public bool HasValues => ValueType != TypeCode.Empty;

    /// <summary>The classes of a column; null if it is no key, or does not say how many values it has.</summary>
    public static ClassLabels? Of(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType { Count: <= int.MaxValue } key)
            return null;
        int count = (int)key.Count;
        var values = label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type;
        if (values is VectorDataViewType vector && vector.Size == count)
            return new(TextsOf(label, vector.ItemType.RawType), Restored(vector.ItemType));
        bool isCountUnknown = key.Count == Largest(key.RawType);
        return isCountUnknown ? null : new([.. Enumerable.Range(1, count).Select(Invariant)], TypeCode.Empty);
    }

    /// <summary>What the values of a type come back as.</summary>
    public static TypeCode Restored(DataViewType type) => type is BooleanDataViewType or NumberDataViewType
        && Type.GetTypeCode(type.RawType) is var code and not (TypeCode.Object or TypeCode.DateTime)
            ? code
            : TypeCode.String;

    /// <summary>The type that values come back as.</summary>
    public static PrimitiveDataViewType TypeOf(TypeCode code) => code switch
    {
        TypeCode.Boolean => BooleanDataViewType.Instance,
        TypeCode.SByte => NumberDataViewType.SByte,
        TypeCode.Byte => NumberDataViewType.Byte,
        TypeCode.Int16 => NumberDataViewType.Int16,
        TypeCode.UInt16 => NumberDataViewType.UInt16,
        TypeCode.Int32 => NumberDataViewType.Int32,
        TypeCode.UInt32 => NumberDataViewType.UInt32,
        TypeCode.Int64 => NumberDataViewType.Int64,
        TypeCode.UInt64 => NumberDataViewType.UInt64,
        TypeCode.Single => NumberDataViewType.Single,
        TypeCode.Double => NumberDataViewType.Double,
        TypeCode.String => TextDataViewType.Instance,
        _ => throw new FormatException($"Classes cannot have values of type {code}."),
    };

    /// <summary>Which class each key of another label is, NaN for none; null: nothing says which.</summary>
    /// <remarks>By value where both keys have values and they differ, else by place where there are as many.</remarks>
    public double[]? Match(ClassLabels other)
    {
        if (!HasValues || !other.HasValues || Names.SequenceEqual(other.Names))
            return Count == other.Count ? [.. Enumerable.Range(0, Count).Select(k => (double)k)] : null;
        var classes = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int k = 0; k < Count; k++)
            classes.TryAdd(Names[k], k);
        return [.. other.Names.Select(name => classes.GetValueOrDefault(name, double.NaN))];
    }

    /// <summary>Annotates a vector's slots with the names.</summary>
    public void AddNames(DataViewSchema.Annotations.Builder builder) =>
        Add(builder, AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance, Memory());

    /// <summary>Annotates with the values, if there are any.</summary>
    public void AddValues(DataViewSchema.Annotations.Builder builder, string kind)
    {
        if (!HasValues)
            return;
        var type = TypeOf(ValueType);
        switch (ValueType)
        {
            case TypeCode.Boolean: Add(builder, kind, type, Parse<bool>()); break;
            case TypeCode.SByte: Add(builder, kind, type, Parse<sbyte>()); break;
            case TypeCode.Byte: Add(builder, kind, type, Parse<byte>()); break;
            case TypeCode.Int16: Add(builder, kind, type, Parse<short>()); break;
            case TypeCode.UInt16: Add(builder, kind, type, Parse<ushort>()); break;
            case TypeCode.Int32: Add(builder, kind, type, Parse<int>()); break;
            case TypeCode.UInt32: Add(builder, kind, type, Parse<uint>()); break;
            case TypeCode.Int64: Add(builder, kind, type, Parse<long>()); break;
            case TypeCode.UInt64: Add(builder, kind, type, Parse<ulong>()); break;
            case TypeCode.Single: Add(builder, kind, type, Parse<float>()); break;
            case TypeCode.Double: Add(builder, kind, type, Parse<double>()); break;
            default: Add(builder, kind, type, Memory()); break;
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write((int)ValueType);
        writer.Write(Count);
        foreach (string name in Names)
            writer.Write(name);
    }

    /// <exception cref="FormatException">The bytes are not such classes.</exception>
    public static ClassLabels Read(BinaryReader reader)
    {
        var type = (TypeCode)reader.ReadInt32();
        if (type != TypeCode.Empty)
            TypeOf(type);
        int count = reader.ReadInt32();
        if (count < 2 || count > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new FormatException($"{count} classes cannot be in so few bytes.");
        var names = new string[count];
        for (int k = 0; k < count; k++)
            names[k] = reader.ReadString();
        return new(names, type);
    }

    private static string[] TextsOf(DataViewSchema.Column label, Type type) => (string[])typeof(ClassLabels)
        .GetMethod(nameof(Texts), BindingFlags.NonPublic | BindingFlags.Static, [typeof(DataViewSchema.Column)])!
        .MakeGenericMethod(type)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [label], null)!;

    private static string[] Texts<T>(DataViewSchema.Column label)
    {
        VBuffer<T> values = default;
        label.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(Invariant)];
    }

    private static string Invariant<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static ulong Largest(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    private static void Add<T>(
        DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType type, T[] values)
    {
        var buffer = new VBuffer<T>(values.Length, values);
        builder.Add(
            kind,
            new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> value) => buffer.CopyTo(ref value));
    }

    private ReadOnlyMemory<char>[] Memory() => [.. Names.Select(name => name.AsMemory())];

    private T[] Parse<T>()
        where T : IParsable<T> => [.. Names.Select(name => T.Parse(name, CultureInfo.InvariantCulture))];
}
