using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace ProbML.Studio;

/// <summary>The steps from the columns of a file to the features of a model.</summary>
internal static class Preparation
{
    public const string Features = "Features";
    public const string Label = "Label";

    /// <summary>
    /// Numbers as they stand, missing ones replaced by the mean and marked; levels as 0/1, the first (or where some are missing, the
    /// missing one) the baseline.
    /// </summary>
    public static IEstimator<ITransformer> Of(MLContext ml, IEnumerable<TableColumn> features)
    {
        var terms = new List<DesignTerm>();
        IEstimator<ITransformer>? steps = null;
        TableColumn[] columns = [.. features];
        var names = columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (column is { IsNumber: true, Missing: > 0 })
            {
                string mark = $"{column.Name} (missing)";
                while (!names.Add(mark))
                    mark += "'";
                if (column.FitsSingle)                       // the mean in place of a Double has no ONNX form
                    steps = steps.Then(ml.Transforms.Conversion.ConvertType(column.Name, outputKind: DataKind.Single));
                steps = steps.Then(ml.Transforms.IndicateMissingValues(mark, column.Name));
                steps = steps.Then(ml.Transforms.ReplaceMissingValues(
                    column.Name, replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean));
                terms.Add(DesignTerm.Numeric(column.Name));
                terms.Add(DesignTerm.Numeric(mark));
            }
            else if (column.IsNumber)
            {
                terms.Add(DesignTerm.Numeric(column.Name));
            }
            else if (column.Missing > 0)
            {
                steps = steps.Then(ml.Transforms.Categorical.OneHotEncoding(column.Name));
                terms.Add(DesignTerm.Numeric(column.Name));
            }
            else
            {
                terms.Add(DesignTerm.Categorical(column.Name));
            }
        }
        return steps.Then(ml.Transforms.DesignMatrix(Features, [.. terms]));
    }

    public static IEstimator<ITransformer> Then(this IEstimator<ITransformer>? first, IEstimator<ITransformer> next) =>
        first is null ? next : first.Append(next);
}
