using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Reports.Facts;

/// <summary>Points of many dimensions in the plane where they vary most.</summary>
internal static class PrincipalComponents
{
    /// <summary>The two coordinates of each point, and the share of the variance that they hold; points of two dimensions stay as they are.</summary>
    /// <param name="points">[n][k], k ≥ 2.</param>
    public static ((double X, double Y)[] Points, double Share) Of(IReadOnlyList<double[]> points)
    {
        int k = points[0].Length;
        if (k == 2)
            return ([.. points.Select(point => (point[0], point[1]))], 1);
        var centred = Matrix<double>.Build.Dense(points.Count, k, (i, j) => points[i][j]);
        for (int j = 0; j < k; j++)
            centred.SetColumn(j, centred.Column(j) - centred.Column(j).Average());
        var parts = (centred.TransposeThisAndMultiply(centred) / points.Count).Evd(Symmetricity.Symmetric);
        var seen = centred * parts.EigenVectors.SubMatrix(0, k, k - 2, 2);
        double[] variances = [.. parts.EigenValues.Select(value => value.Real)];
        return ([.. Enumerable.Range(0, points.Count).Select(i => (seen[i, 1], seen[i, 0]))], (variances[^1] + variances[^2]) / variances.Sum());
    }
}
