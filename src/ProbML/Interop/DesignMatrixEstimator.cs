using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Gathers columns into the design matrix of a regression: numbers as they stand, levels as 0/1 slots.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use
/// [DesignMatrix](xref:Microsoft.ML.DesignMatrixCatalog.DesignMatrix*).
///
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | numeric terms | any number or Boolean, or a vector of them of known size | enters as it stands, in double precision |
/// | categorical terms | text, Boolean, whole numbers or a key | one 0/1 slot for each level but the baseline |
/// | code terms | the same | the level's number, from 0, in one slot |
/// | output | Vector of Double, dense, with slot names `column`, `column=level` or `column.slot` | row of the design matrix |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Where a term's levels are not given |
/// | Exportable to ONNX | No |
///
/// A missing value gives NaN, and so do a level not seen in training and a missing one, in all slots of their term (in
/// all slots of the row for a term of a single level, which has none): such a row has no prediction, rather than the
/// baseline's. The constant column is left to the trainer's intercept. This is R's model.matrix for main effects under
/// contr.treatment (Chambers & Hastie 1992, Statistical Models in S, section 2.3).
/// ]]></format>
/// </remarks>
public sealed class DesignMatrixEstimator : IEstimator<DesignMatrixTransformer>
{
    private readonly IHost host;
    private readonly string outputColumnName;
    private readonly DesignTerm[] terms;

    internal DesignMatrixEstimator(IHostEnvironment env, string outputColumnName, params DesignTerm[] terms)
    {
        Contracts.CheckValue(env, nameof(env));
        host = env.Register("ProbMLDesignMatrix");
        host.CheckNonWhiteSpace(outputColumnName, nameof(outputColumnName));
        host.CheckValue(terms, nameof(terms));
        host.CheckUserArg(terms.Length > 0, nameof(terms), "A design matrix needs at least one term");
        var columns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var term in terms)
        {
            host.CheckValue(term, nameof(terms));
            host.CheckUserArg(columns.Add(term.Column), nameof(terms), $"Column '{term.Column}' is in two terms");
        }
        this.outputColumnName = outputColumnName;
        this.terms = [.. terms];
    }

    /// <summary>Learns the levels that are not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or lacks the baseline.</exception>
    /// <exception cref="InvalidOperationException">A categorical column is empty, or no term has a slot.</exception>
    public DesignMatrixTransformer Fit(IDataView input)
    {
        host.CheckValue(input, nameof(input));
        var columns = Array.ConvertAll(terms, term => DesignMatrixBlock.Find(host, term, input.Schema));
        var learned = LearnLevels(input, columns);
        var blocks = new DesignMatrixBlock[terms.Length];
        for (int t = 0; t < terms.Length; t++)
        {
            blocks[t] = terms[t].IsCode ? DesignMatrixBlock.Code(terms[t].Column, terms[t].Levels?.ToArray() ?? learned[t]!)
                : terms[t].IsCategorical ? DesignMatrixBlock.Categorical(
                    terms[t].Column, terms[t].Levels?.ToArray() ?? learned[t]!, terms[t].Baseline)
                : DesignMatrixBlock.Numeric(columns[t]);
            blocks[t].Find(host, input.Schema);
        }
        if (blocks.All(block => block.SlotNames.Length == 0))
            throw host.Except("No term of the design matrix varies: each has a single level, its baseline.");
        return new(host, outputColumnName, blocks);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var term in terms)
            Check(term, inputSchema);
        SchemaShape.Column names = new(
            AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false);
        columns[outputColumnName] = new(
            outputColumnName,
            SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Double,
            isKey: false,
            new SchemaShape([names]));
        return new(columns.Values);
    }

    private void Check(DesignTerm term, SchemaShape schema)
    {
        string role = term.IsCategorical ? "categorical" : "numeric";
        if (!schema.TryFindColumn(term.Column, out var column))
            throw host.ExceptSchemaMismatch("inputSchema", role, term.Column);
        bool scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
        bool fits = term.IsCategorical
            ? scalar && (column.IsKey || LevelColumn.Supports(column.ItemType))
            : !column.IsKey && column.Kind != SchemaShape.Column.VectorKind.VariableVector
                && DesignMatrixBlock.IsNumeric(column.ItemType);
        if (!fits)
        {
            throw host.ExceptSchemaMismatch(
                "inputSchema", role, term.Column, DesignMatrixBlock.Expected(term), column.GetTypeString());
        }
    }

    private string[]?[] LearnLevels(IDataView input, DataViewSchema.Column[] columns)
    {
        var learned = new string[]?[terms.Length];
        int[] open = [.. Enumerable.Range(0, terms.Length).Where(t => terms[t] is { IsCategorical: true, Levels: null })];
        if (open.Length == 0)
            return learned;
        using var cursor = input.GetRowCursor(open.Select(t => columns[t]));
        var learners = Array.ConvertAll(open, t => LevelColumn.Of(columns[t])!.Learner(cursor));
        while (cursor.MoveNext())
        {
            foreach (var (collect, _) in learners)
                collect();
        }
        for (int i = 0; i < open.Length; i++)
        {
            string[] levels = learners[i].Levels();
            if (levels.Length == 0)
                throw host.Except($"Column '{terms[open[i]].Column}' has no values: its levels cannot be learned.");
            learned[open[i]] = levels;
        }
        return learned;
    }
}
