using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>A column that a transformer adds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">The length of its vectors; 0: a single value.</param>
/// <param name="IsNormalized">Whether its values lie between 0 and 1.</param>
/// <param name="Output">Which of the model's outputs it comes from.</param>
/// <param name="Start">Where that output starts in a row of the model's numbers.</param>
/// <param name="Threshold">Null: it is the output; else it is whether the output is larger.</param>
/// <param name="ClassCount">0: it is the output; else it is the key of the largest of so many numbers.</param>
internal sealed record ScoreColumn(
    string Name, int Size, bool IsNormalized, int Output, int Start, float? Threshold = null, int ClassCount = 0)
{
    public DataViewType ItemType => Threshold is not null ? BooleanDataViewType.Instance
        : ClassCount > 0 ? new KeyDataViewType(typeof(uint), ClassCount)
        : NumberDataViewType.Single;

    public DataViewType Type =>
        Size == 0 ? ItemType : new VectorDataViewType((PrimitiveDataViewType)ItemType, Size);
}

/// <summary>The columns that a transformer adds, as a schema and as the shape promised before fitting.</summary>
internal sealed class ScoreSchema
{
    /// <summary>A number of classes to ask for columns with, before classes are known: like no other size.</summary>
    public const int AnyClassCount = 997;

    private readonly string kind;
    private readonly ClassLabels? classes;
    private readonly int classCount;

    /// <param name="outputs">What the model gives.</param>
    /// <param name="task">What it means.</param>
    /// <param name="classes">The classes of a multiclass label, once they are known.</param>
    /// <param name="threshold">What an anomaly's Score exceeds, once it is known.</param>
    public ScoreSchema(
        IReadOnlyList<OutputColumn> outputs, PredictionTask task, ClassLabels? classes = null, double threshold = 0)
    {
        kind = task.ScoreColumnKind();
        this.classes = classes;
        var columns = new List<ScoreColumn>();
        for (int k = 0; k < outputs.Count; Width += outputs[k].Width, k++)
            columns.Add(new(outputs[k].Name, outputs[k].Size, outputs[k].IsNormalized, k, Width));
        if (task == PredictionTask.AnomalyDetection)
        {
            var score = SingleScore(columns, "anomaly detection");
            columns.Insert(
                0, new(ColumnNames.PredictedLabel, 0, false, score.Output, score.Start, (float)threshold));
        }
        if (task == PredictionTask.BinaryClassification)
        {
            var score = SingleScore(columns, "binary classification");
            // A link need not be symmetric: η > 0 and P > ½ can differ.
            var probability = columns.Find(column => column is { Name: ColumnNames.Probability, Size: 0 });
            var (decisive, border) = probability is null ? (score, 0f) : (probability, 0.5f);
            columns.Insert(
                0, new(ColumnNames.PredictedLabel, 0, false, decisive.Output, decisive.Start, border));
        }
        if (task == PredictionTask.MulticlassClassification)
        {
            classCount = classes?.Count ?? AnyClassCount;
            var score = columns.Find(column => column.Name == ColumnNames.Score && column.Size == classCount)
                ?? throw new ArgumentException(
                    $"A model for {classCount} classes must give a column '{ColumnNames.Score}' of so many numbers.",
                    nameof(outputs));
            columns.Insert(
                0, new(ColumnNames.PredictedLabel, 0, false, score.Output, score.Start, ClassCount: classCount));
        }
        if (columns.CountBy(column => column.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"A model gives two columns '{twice}'; names must differ.", nameof(outputs));
        Columns = columns;
        OutputCount = outputs.Count;
        LabelledDensity = task.HasLabel()
            ? columns.Find(column => column.Name == ColumnNames.LogDensity)?.Output ?? -1
            : -1;
    }

    public IReadOnlyList<ScoreColumn> Columns { get; }

    /// <summary>How many columns the model gives.</summary>
    public int OutputCount { get; }

    /// <summary>The numbers in a row of the model's outputs.</summary>
    public int Width { get; }

    /// <summary>Which output needs the label; −1: none.</summary>
    public int LabelledDensity { get; }

    /// <summary>Which of the model's outputs the wanted columns come from.</summary>
    public bool[] Outputs(Func<int, bool> isWanted)
    {
        var wanted = new bool[OutputCount];
        for (int i = 0; i < Columns.Count; i++)
            wanted[Columns[i].Output] |= isWanted(i);
        return wanted;
    }

    /// <param name="label">The label, whose values a model for several classes passes on; null: the task has none.</param>
    public SchemaShape.Column[] Shape(SchemaShape.Column? label) =>
    [
        .. Columns.Select(column => new SchemaShape.Column(
            column.Name,
            column.Size != 0 ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar,
            column.ClassCount > 0 ? NumberDataViewType.UInt32 : column.ItemType,
            isKey: column.ClassCount > 0,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(column.IsNormalized)
                .Concat(ClassAnnotations(column, label))))),
    ];

    /// <param name="setId">What tells the columns of this transformer from those of others in a schema.</param>
    public DataViewSchema.DetachedColumn[] Detached(uint setId) =>
    [
        .. Columns.Select(column =>
            new DataViewSchema.DetachedColumn(column.Name, column.Type, Annotations(column, setId))),
    ];

    private static ScoreColumn SingleScore(List<ScoreColumn> columns, string task) =>
        columns.Find(column => column is { Name: ColumnNames.Score, Size: 0 })
            ?? throw new ArgumentException(
                $"A model for {task} must give a column '{ColumnNames.Score}' of single numbers.", nameof(columns));

    private bool HasSlotPerClass(ScoreColumn column) => classCount > 0 && column.Size == classCount;

    /// <summary>What a column's annotation with the values of the classes is called; null: it has none.</summary>
    private string? ClassValuesKind(ScoreColumn column) =>
        column.ClassCount > 0 ? AnnotationUtils.Kinds.KeyValues
        : HasSlotPerClass(column) && column.Name == ColumnNames.Score ? AnnotationUtils.Kinds.TrainingLabelValues
        : null;

    /// <summary>What ML.NET's own multiclass trainers promise, and names of slots whatever the values' type.</summary>
    private IEnumerable<SchemaShape.Column> ClassAnnotations(ScoreColumn column, SchemaShape.Column? label)
    {
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        if (classCount == 0
            || label is not { } known
            || !known.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values)
            || values.Kind != Vector)
            yield break;
        if (HasSlotPerClass(column))
            yield return new(AnnotationUtils.Kinds.SlotNames, Vector, TextDataViewType.Instance, isKey: false);
        var type = values.IsKey ? TextDataViewType.Instance : ClassLabels.TypeOf(ClassLabels.Restored(values.ItemType));
        if (ClassValuesKind(column) is { } valuesKind)
            yield return new(valuesKind, Vector, type, isKey: false);
    }

    private DataViewSchema.Annotations Annotations(ScoreColumn column, uint setId)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(
            AnnotationUtils.Kinds.ScoreColumnSetId,
            AnnotationUtils.ScoreColumnSetIdType,
            (ref uint value) => value = setId);
        AddText(builder, AnnotationUtils.Kinds.ScoreColumnKind, kind);
        AddText(builder, AnnotationUtils.Kinds.ScoreValueKind, column.Name);
        if (HasSlotPerClass(column) && classes!.HasValues)
            classes.AddNames(builder);
        if (ClassValuesKind(column) is { } valuesKind)
            classes!.AddValues(builder, valuesKind);
        if (column.IsNormalized)
            builder.Add(
                AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
