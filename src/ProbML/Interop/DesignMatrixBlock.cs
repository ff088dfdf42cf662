using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>A fitted term: its levels are known, and so are the slots it fills.</summary>
/// <param name="Term">The term, with the levels and the baseline it was fitted with.</param>
/// <param name="VectorSize">The length of a numeric vector column; 0: a single value.</param>
/// <param name="SlotNames">One name a slot.</param>
internal sealed record DesignMatrixBlock(DesignTerm Term, int VectorSize, string[] SlotNames)
{
    /// <summary>Writes the slots of the current row; false: the value is missing or its level is unknown.</summary>
    public delegate bool Writer(Span<double> slots);

    /// <summary>The places of the levels that have slots.</summary>
    public long[] KeptLevels
    {
        get
        {
            int left = Baseline.IndexAmong(Term.Levels!, Term.Baseline, Term.Column);
            return [.. Enumerable.Range(0, Term.Levels!.Count).Where(i => i != left).Select(i => (long)i)];
        }
    }

    public static DesignMatrixBlock Categorical(string column, string[] levels, Baseline baseline)
    {
        int left = Baseline.IndexAmong(levels, baseline, column);
        var definite = left < 0 ? Baseline.None : Baseline.Of(levels[left]);
        return new(
            DesignTerm.Categorical(column, levels, definite),
            VectorSize: 0,
            [.. levels.Where((_, i) => i != left).Select(level => $"{column}={level}")]);
    }

    public static DesignMatrixBlock Code(string column, string[] levels) =>
        new(DesignTerm.Code(column, levels), VectorSize: 0, [column]);

    public static DesignMatrixBlock Numeric(DataViewSchema.Column column)
    {
        var term = DesignTerm.Numeric(column.Name);
        return column.Type is VectorDataViewType vector
            ? new(term, vector.Size, VectorNames(column, vector.Size))
            : new(term, VectorSize: 0, [column.Name]);
    }

    /// <summary>Finds the term's column, and checks that it can be read as the term asks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is absent, or of another type.</exception>
    public static DataViewSchema.Column Find(IExceptionContext host, DesignTerm term, DataViewSchema schema)
    {
        string role = term.IsCategorical ? "categorical" : "numeric";
        var column = schema.GetColumnOrNull(term.Column)
            ?? throw host.ExceptSchemaMismatch("inputSchema", role, term.Column);
        bool fits = term.IsCategorical
            ? LevelColumn.Of(column) is not null
            : IsNumeric(column.Type) && column.Type is not VectorDataViewType { IsKnownSize: false };
        if (!fits)
            throw host.ExceptSchemaMismatch("inputSchema", role, term.Column, Expected(term), column.Type.ToString()!);
        return column;
    }

    public static string Expected(DesignTerm term) => term.IsCategorical
        ? "text, Boolean, whole numbers or a key"
        : "a number, a Boolean or a vector of numbers of known size (DesignTerm.Categorical takes text)";

    public static bool IsNumeric(DataViewType type) =>
        (type as VectorDataViewType)?.ItemType is NumberDataViewType or BooleanDataViewType
        || type is NumberDataViewType or BooleanDataViewType;

    /// <summary>Finds the term's column in data to be scored.</summary>
    public DataViewSchema.Column Find(IExceptionContext host, DataViewSchema schema)
    {
        var column = Find(host, Term, schema);
        if (!Term.IsCategorical)
        {
            int size = (column.Type as VectorDataViewType)?.Size ?? 0;
            if (size != VectorSize)
            {
                string expected = VectorSize == 0 ? "a single number" : $"a vector of {VectorSize} numbers";
                throw host.ExceptSchemaMismatch("inputSchema", "numeric", column.Name, expected, column.Type.ToString()!);
            }
        }
        else if (LevelColumn.Of(column)!.Impossible(Term.Levels!) is string level)
        {
            string expected = $"a type that can hold the level '{level}'";
            throw host.ExceptSchemaMismatch("inputSchema", "categorical", column.Name, expected, column.Type.ToString()!);
        }
        return column;
    }

    public Writer MakeWriter(DataViewRow row, DataViewSchema.Column column)
    {
        if (Term.IsCategorical)
        {
            var index = LevelColumn.Of(column)!.Indexer(row, Term.Levels!);
            return Term.IsCode ? CodeWriter(index) : LevelWriter(index);
        }
        if (VectorSize > 0)
            return VectorWriter(RowCursorUtils.GetVecGetterAs<double>(NumberDataViewType.Double, row, column.Index));
        var getter = RowCursorUtils.GetGetterAs<double>(NumberDataViewType.Double, row, column.Index);
        return slots =>
        {
            getter(ref slots[0]);
            return true;
        };
    }

    private static Writer CodeWriter(Func<int> index) => slots =>
    {
        int level = index();
        slots[0] = level < 0 ? double.NaN : level;
        return level >= 0;
    };

    private Writer LevelWriter(Func<int> index)
    {
        int baseline = Baseline.IndexAmong(Term.Levels!, Term.Baseline, Term.Column);
        return slots =>
        {
            int level = index();
            if (level < 0)
            {
                slots.Fill(double.NaN);
                return false;
            }
            slots.Clear();
            if (level != baseline)
                slots[baseline >= 0 && level > baseline ? level - 1 : level] = 1;
            return true;
        };
    }

    private static Writer VectorWriter(ValueGetter<VBuffer<double>> getter)
    {
        VBuffer<double> values = default;
        return slots =>
        {
            getter(ref values);
            values.CopyTo(slots);
            return true;
        };
    }

    private static string[] VectorNames(DataViewSchema.Column column, int size)
    {
        VBuffer<ReadOnlyMemory<char>> given = default;
        if (column.HasSlotNames())
            column.GetSlotNames(ref given);
        var names = given.Length == size ? given.DenseValues().Select(name => name.ToString()) : new string[size];
        return [.. names.Select((name, i) => $"{column.Name}.{(string.IsNullOrEmpty(name) ? $"{i}" : name)}")];
    }
}
