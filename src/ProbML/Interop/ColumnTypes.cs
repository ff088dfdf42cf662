using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>Which column types a trainer and its transformer can read, and the words messages have for them.</summary>
internal static class ColumnTypes
{
    public const string Features = "Vector<Single> or Vector<Double>";
    public const string Number = "Single or Double";
    public const string Groups = "text, key, Boolean or integers";

    public static string Label(PredictionTask task) => task switch
    {
        PredictionTask.BinaryClassification => "Boolean, Single or Double of 0 and 1, or a Key of two values",
        PredictionTask.MulticlassClassification =>
            "a Key of two values or more, their number known (make one by Conversion.MapValueToKey)",
        _ => "Single, Double, Boolean or an integer",
    };

    public static bool AreFeatures(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Vector && !column.IsKey && IsNumber(column.ItemType);

    public static bool AreFeatures(DataViewType type, int size) =>
        type is VectorDataViewType vector && vector.Size == size && IsNumber(vector.ItemType);

    public static bool IsNumber(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey && IsNumber(column.ItemType);

    public static bool IsNumber(DataViewType type) =>
        type == NumberDataViewType.Single || type == NumberDataViewType.Double;

    public static bool HasGroups(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && (column.IsKey || LevelColumn.Supports(column.ItemType));

    public static bool HasGroups(DataViewType type) => type is KeyDataViewType || LevelColumn.Supports(type);

    public static bool IsLabel(SchemaShape.Column column, PredictionTask task) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar
        && (column.IsKey ? task != PredictionTask.Regression : IsPlainLabel(column.ItemType, task));

    public static bool IsLabel(DataViewType type, PredictionTask task) => type is KeyDataViewType key
        ? task == PredictionTask.MulticlassClassification
            || (task == PredictionTask.BinaryClassification && key.Count == 2)
        : IsPlainLabel(type, task);

    private static bool IsPlainLabel(DataViewType type, PredictionTask task) => task switch
    {
        PredictionTask.Regression => type is BooleanDataViewType or NumberDataViewType,
        PredictionTask.BinaryClassification => type is BooleanDataViewType || IsNumber(type),
        _ => false,
    };
}
