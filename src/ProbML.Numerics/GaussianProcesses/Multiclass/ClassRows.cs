namespace ProbML.GaussianProcesses;

/// <summary>Checks the classes of rows.</summary>
internal static class ClassRows
{
    /// <exception cref="InvalidOperationException">All rows are of one class.</exception>
    public static void Check(GaussianProcessRows rows, Design design, IReadOnlyList<string> names)
    {
        double first = rows.Y[0];
        if (rows.Y.All(y => y == first))
            throw new InvalidOperationException(
                $"All {rows.Count} labels in '{design.ResponseName}' are {names[(int)first]}: a classifier needs rows of two classes or more.");
    }
}
