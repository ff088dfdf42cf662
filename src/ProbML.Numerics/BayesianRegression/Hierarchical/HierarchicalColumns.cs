namespace ProbML;

/// <summary>The columns of hierarchical regression: those of Bayesian regression, and how many groups of a row were never seen.</summary>
internal static class HierarchicalColumns
{
    private static readonly OutputColumn[] Regression =
        [.. BayesianColumns.Of(PredictionTask.Regression), new(ColumnNames.UnseenGroups)];

    private static readonly OutputColumn[] Binary =
        [.. BayesianColumns.Of(PredictionTask.BinaryClassification), new(ColumnNames.UnseenGroups)];

    public static IReadOnlyList<OutputColumn> Of(PredictionTask task) => task == PredictionTask.Regression ? Regression : Binary;

    public static int UnseenGroupsAt(PredictionTask task) => Of(task).Count - 1;
}
