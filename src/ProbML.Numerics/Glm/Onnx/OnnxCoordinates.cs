using ProbML.Fitting;

namespace ProbML;

/// <summary>Rows of features in the coordinates of a fit, as ONNX operators.</summary>
internal static class OnnxCoordinates
{
    /// <summary>z = [1, x ⊙ r − c] M, [n, q], of features [n, d] of any type; 1 where there is no coordinate.</summary>
    public static OnnxReal Apply(this RowTransform transform, OnnxScope scope, OnnxValue features)
    {
        int[] columns = transform.Columns;
        if (columns.Length == 0)
            return Ones(scope, features);
        var x = scope.Double(features);
        var kept = columns.Length == transform.FeatureCount ? x : x.Columns([.. columns.Select(column => (long)column)]);
        double[] rates = [.. columns.Select(column => transform.Rates[column])];
        double[] shifts = [.. columns.Select(column => transform.Shifts[column])];
        var z = kept * scope.Constant(rates, rates.Length) + scope.Constant(shifts, shifts.Length);
        if (transform.Intercept)
            z = scope.Join(Ones(scope, features), z);
        return transform.Mixing is { } mixing ? z.Times(scope.Constant(mixing, transform.Width, transform.Width)) : z;
    }

    /// <summary>1 for each row, [n, 1].</summary>
    public static OnnxReal Ones(OnnxScope scope, OnnxValue features)
    {
        var graph = scope.Graph;
        var rows = graph.Node("Gather", [graph.Node("Shape", [features]), graph.Constant([0L], [1])]);
        var shape = graph.Node("Concat", [rows, graph.Constant([1L], [1])], OnnxArgument.Of("axis", 0));
        return new(scope, graph.Node("Expand", [graph.Constant([1.0], []), shape]));
    }

    /// <summary>z'Cz of each row, [n, 1].</summary>
    public static OnnxReal QuadraticForm(this OnnxReal z, double[] matrix, int width) =>
        (z.Times(z.Scope.Coefficients(matrix, width, Math.Max(1, width))) * z).RowSum();

    /// <summary>What coordinates are multiplied by, [q, count]; with none, q = 0, the 1 in their place is multiplied by 0.</summary>
    public static OnnxReal Coefficients(this OnnxScope scope, double[] values, int width, int count) =>
        width > 0 ? scope.Constant(values, width, count) : scope.Constant(new double[count], 1, count);
}
