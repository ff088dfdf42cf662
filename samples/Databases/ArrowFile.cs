using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples;

/// <summary>Rows of a data view as an Arrow file (Feather, version 2), a batch of them in memory at a time.</summary>
internal static class ArrowFile
{
    private const int BatchRows = 65_536;

    /// <summary>Writes some columns: numbers, flags, keys (as their numbers), texts, and vectors of Single of a known size.</summary>
    /// <exception cref="NotSupportedException">A column is of another type.</exception>
    public static void Write(string path, IDataView rows, params string[] columns)
    {
        var chosen = columns.Select(name => rows.Schema[name]).ToArray();
        using var cursor = rows.GetRowCursor(chosen);
        Column[] writers = [.. chosen.Select(column => Open(cursor, column))];
        var schema = new Schema(writers.Select(writer => writer.Field), null);
        using var file = File.Create(path);
        using var writer = new ArrowFileWriter(file, schema);
        writer.WriteStart();
        for (bool more = true; more;)
        {
            int count = 0;
            for (; count < BatchRows && (more = cursor.MoveNext()); count++)
                foreach (var column in writers)
                    column.Append();
            if (count > 0)
                writer.WriteRecordBatch(new RecordBatch(schema, writers.Select(column => column.Take()), count));
        }
        writer.WriteEnd();
    }

    private static Column Open(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var type = column.Type;
        if (type is VectorDataViewType { ItemType.RawType: var item, Size: > 0 and var size } && item == typeof(float))
            return Vectors(cursor, column, size);
        if (type is TextDataViewType)
        {
            var texts = new StringArray.Builder();
            return Scalars<ReadOnlyMemory<char>>(
                cursor, column, StringType.Default, text => texts.Append(text.Span.ToString()), () => texts.Build(), () => texts.Clear());
        }
        return Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.Single => Numbers<float, FloatArray, FloatArray.Builder>(cursor, column, FloatType.Default, new()),
            TypeCode.Double => Numbers<double, DoubleArray, DoubleArray.Builder>(cursor, column, DoubleType.Default, new()),
            TypeCode.Int32 => Numbers<int, Int32Array, Int32Array.Builder>(cursor, column, Int32Type.Default, new()),
            TypeCode.Int64 => Numbers<long, Int64Array, Int64Array.Builder>(cursor, column, Int64Type.Default, new()),
            TypeCode.UInt32 => Numbers<uint, UInt32Array, UInt32Array.Builder>(cursor, column, UInt32Type.Default, new()),
            TypeCode.Boolean => Flags(cursor, column),
            _ => throw new NotSupportedException($"The column '{column.Name}' is of type {type}, which is not written to Arrow files."),
        };
    }

    private static Column Numbers<T, TArray, TBuilder>(DataViewRowCursor cursor, DataViewSchema.Column column, IArrowType type, TBuilder values)
        where T : struct, IEquatable<T>
        where TArray : PrimitiveArray<T>
        where TBuilder : PrimitiveArrayBuilder<T, TArray, TBuilder> =>
        Scalars<T>(cursor, column, type, value => values.Append(value), () => values.Build(default), () => values.Clear());

    private static Column Flags(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var flags = new BooleanArray.Builder();
        return Scalars<bool>(cursor, column, BooleanType.Default, flag => flags.Append(flag), () => flags.Build(), () => flags.Clear());
    }

    private static Column Vectors(DataViewRowCursor cursor, DataViewSchema.Column column, int size)
    {
        var item = new Field("item", FloatType.Default, nullable: false);
        var lists = new FixedSizeListArray.Builder(item, size);
        var values = (FloatArray.Builder)lists.ValueBuilder;
        return Scalars<VBuffer<float>>(
            cursor,
            column,
            new FixedSizeListType(item, size),
            vector =>
            {
                lists.Append();
                foreach (float value in vector.DenseValues())
                    values.Append(value);
            },
            () => lists.Build(),
            () => lists.Clear());
    }

    private static Column Scalars<T>(
        DataViewRowCursor cursor, DataViewSchema.Column column, IArrowType type, Action<T> append, Func<IArrowArray> build, Action clear)
    {
        var read = cursor.GetGetter<T>(column);
        T value = default!;
        return new(
            new Field(column.Name, type, nullable: false),
            () =>
            {
                read(ref value);
                append(value);
            },
            () =>
            {
                var array = build();
                clear();
                return array;
            });
    }

    /// <param name="Field">Name and type.</param>
    /// <param name="Append">Adds the cursor's row.</param>
    /// <param name="Take">The rows since the last time.</param>
    private sealed record Column(Field Field, Action Append, Func<IArrowArray> Take);
}
