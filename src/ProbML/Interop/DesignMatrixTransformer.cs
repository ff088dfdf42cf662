using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

[assembly: LoadableClass(
    typeof(DesignMatrixTransformer),
    null,
    typeof(SignatureLoadModel),
    "ProbML design matrix",
    DesignMatrixTransformer.LoaderSignature)]

namespace ProbML;

/// <summary>Adds the rows of a design matrix, whose levels are known. Made by <see cref="DesignMatrixEstimator"/>.</summary>
public sealed partial class DesignMatrixTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ProbMLDesignMatrix";

    private const byte IsNumeric = 0, IsCategorical = 1, IsCode = 2;

    private readonly DesignMatrixBlock[] blocks;

    internal DesignMatrixTransformer(IHostEnvironment env, string outputColumnName, DesignMatrixBlock[] blocks)
        : base(env.Register("ProbMLDesignMatrix"))
    {
        OutputColumnName = outputColumnName;
        this.blocks = blocks;
        Terms = Array.AsReadOnly(Array.ConvertAll(blocks, block => block.Term));
        SlotNames = Array.AsReadOnly(blocks.SelectMany(block => block.SlotNames).ToArray());
    }

    /// <summary>The name of the column that it adds.</summary>
    public string OutputColumnName { get; }

    /// <summary>The terms in order; each categorical one has its levels and a definite baseline.</summary>
    public IReadOnlyList<DesignTerm> Terms { get; }

    /// <summary>The names of the slots, [d].</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>The levels of a categorical column, in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No categorical term has that column.</exception>
    public IReadOnlyList<string> Levels(string column) =>
        Terms.FirstOrDefault(term => term.Column == column)?.Levels
        ?? throw new ArgumentOutOfRangeException(nameof(column), column, "No categorical term has that column.");

    /// <summary>The names of the slots that the term of <paramref name="column"/> fills.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No term has that column.</exception>
    public IReadOnlyList<string> SlotNamesOf(string column) =>
        blocks.FirstOrDefault(block => block.Term.Column == column)?.SlotNames
        ?? throw new ArgumentOutOfRangeException(nameof(column), column, "No term has that column.");

    internal static DesignMatrixTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        string output = ctx.LoadNonEmptyString();
        int count = ctx.Reader.ReadInt32();
        env.CheckDecode(count > 0, "ProbML design matrix: no terms");
        var blocks = new List<DesignMatrixBlock>();
        for (int t = 0; t < count; t++)
            blocks.Add(ReadBlock(env, ctx));
        env.CheckDecode(blocks.Any(block => block.SlotNames.Length > 0), "ProbML design matrix: no slots");
        return new(env, output, [.. blocks]);
    }

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.SaveNonEmptyString(OutputColumnName);
        ctx.Writer.Write(blocks.Length);
        foreach (var block in blocks)
        {
            ctx.SaveNonEmptyString(block.Term.Column);
            ctx.Writer.Write(block.Term.IsCode ? IsCode : block.Term.IsCategorical ? IsCategorical : IsNumeric);
            ctx.Writer.Write(block.VectorSize);
            var names = block.Term.Levels ?? block.SlotNames;
            ctx.Writer.Write(names.Count);
            foreach (string name in names)
                ctx.SaveNonEmptyString(name);
            if (block.Term is { IsCategorical: true, IsCode: false })
                ctx.SaveStringOrNull(block.Term.Baseline.Level);
        }
    }

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static VersionInfo GetVersionInfo() => new(
        "PROBDMAT",
        verWrittenCur: 0x00010002,        // with codes
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(DesignMatrixTransformer).Assembly.GetName().Name!,
        loaderSignature: LoaderSignature);

    private static DesignMatrixBlock ReadBlock(IHostEnvironment env, ModelLoadContext ctx)
    {
        string column = ctx.LoadNonEmptyString();
        byte kind = ctx.Reader.ReadByte();
        env.CheckDecode(kind <= IsCode, $"ProbML design matrix: term '{column}' is of no known kind");
        int vectorSize = ctx.Reader.ReadInt32();
        int count = ctx.Reader.ReadInt32();
        env.CheckDecode(count > 0 && vectorSize >= 0, $"ProbML design matrix: term '{column}' has no names");
        var names = new List<string>();       // grows: a damaged count must not allocate
        for (int i = 0; i < count; i++)
            names.Add(ctx.LoadNonEmptyString());
        if (kind == IsNumeric)
        {
            env.CheckDecode(count == Math.Max(1, vectorSize), $"ProbML design matrix: term '{column}' has a wrong size");
            return new(DesignTerm.Numeric(column), vectorSize, [.. names]);
        }
        string? baseline = kind == IsCode ? null : ctx.LoadStringOrNull();
        bool sound = names.Distinct().Count() == count && (baseline is null || names.Contains(baseline));
        env.CheckDecode(sound, $"ProbML design matrix: the levels of '{column}' do not fit together");
        return kind == IsCode ? DesignMatrixBlock.Code(column, [.. names]) : DesignMatrixBlock.Categorical(
            column, [.. names], baseline is null ? Baseline.None : Baseline.Of(baseline));
    }

    private sealed partial class Mapper(DesignMatrixTransformer parent, DataViewSchema schema)
        : MapperBase(parent.Host.Register("Mapper"), schema, parent)
    {
        private readonly DataViewSchema.Column[] columns =
            Array.ConvertAll(parent.blocks, block => block.Find(parent.Host, schema));

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            var names = parent.SlotNames.Select(name => name.AsMemory()).ToArray();
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddSlotNames(
                names.Length,
                (ref VBuffer<ReadOnlyMemory<char>> value) =>
                    new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
            var type = new VectorDataViewType(NumberDataViewType.Double, names.Length);
            return [new(parent.OutputColumnName, type, annotations.ToAnnotations())];
        }

        protected override Delegate MakeGetter(
            DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            int size = parent.SlotNames.Count;
            var writers = parent.blocks
                .Zip(columns, (block, column) => block.MakeWriter(input, input.Schema[column.Index]))
                .ToArray();
            return (ValueGetter<VBuffer<double>>)((ref VBuffer<double> row) =>
            {
                var editor = VBufferEditor.Create(ref row, size);
                int start = 0;
                bool hidden = false;
                for (int t = 0; t < writers.Length; t++)
                {
                    int count = parent.blocks[t].SlotNames.Length;
                    hidden |= !writers[t](editor.Values.Slice(start, count)) && count == 0;
                    start += count;
                }
                if (hidden)       // an unknown level of a term without slots: nothing else tells it from the known one
                    editor.Values.Fill(double.NaN);
                row = editor.Commit();
            });
        }

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool active = activeOutput(0);
            return index => active && Array.Exists(columns, column => column.Index == index);
        }

        protected override void SaveModel(ModelSaveContext ctx) => parent.SaveModel(ctx);
    }
}
