using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>The values of a column for rows that a cursor has pulled ahead of its reader.</summary>
internal abstract class HeldColumn
{
    private static readonly MethodInfo CreateSingle = Method(nameof(Singles));
    private static readonly MethodInfo CreateVector = Method(nameof(Vectors));

    public static HeldColumn Create(DataViewRow row, DataViewSchema.Column column)
    {
        var create = column.Type is VectorDataViewType vector
            ? CreateVector.MakeGenericMethod(vector.ItemType.RawType)
            : CreateSingle.MakeGenericMethod(column.Type.RawType);
        return (HeldColumn)create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column], null)!;
    }

    /// <summary>Makes room for so many rows.</summary>
    public abstract void Grow(int capacity);

    /// <summary>Keeps the value of the present row.</summary>
    public abstract void Hold(int index);

    /// <summary>A getter of the kept value that <paramref name="current"/> points at.</summary>
    public abstract Delegate Getter(Func<int> current);

    private static MethodInfo Method(string name) =>
        typeof(HeldColumn).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static OfSingles<T> Singles<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<T>(column));

    private static OfVectors<T> Vectors<T>(DataViewRow row, DataViewSchema.Column column) =>
        new(row.GetGetter<VBuffer<T>>(column));

    private sealed class OfSingles<T>(ValueGetter<T> getter) : HeldColumn
    {
        private T[] values = [];

        public override void Grow(int capacity) => Array.Resize(ref values, capacity);

        public override void Hold(int index) => getter(ref values[index]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<T>)((ref T value) => value = values[current()]);
    }

    private sealed class OfVectors<T>(ValueGetter<VBuffer<T>> getter) : HeldColumn
    {
        private VBuffer<T>[] values = [];

        public override void Grow(int capacity) => Array.Resize(ref values, capacity);

        public override void Hold(int index) => getter(ref values[index]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => values[current()].CopyTo(ref value));
    }
}
