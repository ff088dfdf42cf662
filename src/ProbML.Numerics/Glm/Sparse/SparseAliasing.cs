namespace ProbML.Fitting;

/// <summary>Which columns of an arrow matrix depend on columns before them, as R finds and drops them.</summary>
/// <remarks>
/// Elimination runs in another order than the columns', so the null space is found first: a column depends on those before it
/// exactly where some null vector ends with it. Reduced from the right, each null vector says how.
/// </remarks>
internal static class SparseAliasing
{
    /// <summary>The squared sine of the angle to the other columns below which a column is taken to depend on them.</summary>
    public const double Tolerance = 1e-11;

    private const double Negligible = 1e-7;

    /// <summary>Null vectors by the coordinate they end with, that entry −1, the others saying what the column is made of.</summary>
    public static Dictionary<int, double[]> Find(ArrowLayout layout, ArrowInformation information, double[]? ridge)
    {
        double[] whole = information.AllDiagonal(), diagonal = [.. information.Diagonal];
        for (int k = 0; k < whole.Length; k++)
            whole[k] += ridge?[k] ?? 0;
        double unit = layout.Transform.Intercept ? whole[layout.Sparse] : 0;     // a constant column is all rounding
        var result = new Dictionary<int, double[]>();
        for (int k = 0; k < diagonal.Length; k++)
        {
            diagonal[k] = whole[k];
            if (whole[k] <= 1e-15 * unit || !(whole[k] > 0))
            {
                result.Add(layout.Coordinates[k], Ending(layout, k));
                diagonal[k] = 0;
            }
        }
        int size = layout.CoreSize, e = layout.Eliminated;
        double[] schur = ArrowFactor.Schur(layout, information, diagonal, ridge);
        double[] reference = [.. Enumerable.Range(0, size).Select(k => Math.Max(whole[e + k], unit))];
        if (HasFullRank(schur, size, reference))
            return result;
        var factor = new RankRevealingCholesky(schur, size, ridge is null ? Tolerance : 1e-14, reference);
        var rows = factor.Dropped.Select(k => NullVector(layout, information, diagonal, factor, k)).ToList();
        foreach (var (coordinate, row) in Reduce(rows))
            result.Add(coordinate, row);
        return result;
    }

    private static double[] Ending(ArrowLayout layout, int place)
    {
        var row = new double[layout.Width];
        row[layout.Coordinates[place]] = -1;
        return row;
    }

    private static bool HasFullRank(double[] schur, int size, double[] reference)
    {
        double[] l = [.. schur];
        if (size > 0 && !LinearAlgebra.Cholesky.TryFactor(l, size, size, out _, Environment.ProcessorCount))
            return false;
        return Enumerable.Range(0, size).All(k => l[k * size + k] * l[k * size + k] > Tolerance * reference[k]);
    }

    /// <summary>n with A n = 0 and −1 at a dropped core column, by coordinates.</summary>
    private static double[] NullVector(
        ArrowLayout layout, ArrowInformation information, double[] diagonal, RankRevealingCholesky factor, int dropped)
    {
        int e = layout.Eliminated, c = layout.Core;
        var places = new double[layout.Width];
        var core = places.AsSpan(e);
        double[] made = factor.Dependence(dropped);
        for (int k = 0; k < made.Length; k++)
            core[factor.Kept[k]] = made[k];
        core[dropped] = -1;
        for (int k = 0; k < e; k++)
        {
            if (!(diagonal[k] > 0))
                continue;
            double sum = 0;
            for (int l = layout.Starts[k]; l < layout.Starts[k + 1]; l++)
                sum += information.Joins[l] * core[layout.Neighbours[l]];
            for (int l = 0; l < layout.Dense; l++)
                sum += information.DenseJoins[k * information.Stride + l] * core[c + l];
            places[k] = -sum / diagonal[k];
        }
        return layout.FromPlaces(places);
    }

    /// <summary>Gauss–Jordan elimination from the right.</summary>
    private static List<(int Coordinate, double[] Row)> Reduce(List<double[]> rows)
    {
        var ends = new List<(int Coordinate, double[] Row)>();
        double[] sizes = [.. rows.Select(row => row.Max(Math.Abs))];
        var left = rows.Zip(sizes, (row, size) => (Row: row, Size: size)).ToList();
        for (int j = rows.Count == 0 ? -1 : rows[0].Length - 1; j >= 0 && left.Count > 0; j--)
        {
            var (row, size) = left.MaxBy(one => Math.Abs(one.Row[j]) / one.Size);
            if (!(Math.Abs(row[j]) > Negligible * size))
                continue;
            left.RemoveAll(one => ReferenceEquals(one.Row, row));
            double scale = -1 / row[j];
            for (int k = 0; k < row.Length; k++)
                row[k] = k > j ? 0 : row[k] * scale;
            row[j] = -1;
            foreach (double[] other in left.Select(one => one.Row).Concat(ends.Select(one => one.Row)))
            {
                double factor = other[j];
                for (int k = 0; k <= j && factor != 0; k++)
                    other[k] += factor * row[k];
                other[j] = 0;
            }
            ends.Add((j, row));
        }
        return ends;
    }

    /// <summary>A text for each dependent coordinate, by its feature's place in [intercept, features].</summary>
    public static void Describe(
        RowTransform plain, Dictionary<int, double[]> dependent, IReadOnlyList<string> names, Dictionary<int, string> texts)
    {
        int first = plain.Intercept ? 1 : 0;
        foreach (var (coordinate, row) in dependent)
        {
            if (coordinate < first)
                continue;
            // z_j = Σ n_k z_k with z = x r + s: read off in terms of x.
            int column = plain.Columns[coordinate - first];
            double rate = plain.Rates[column], constant = (first == 1 ? row[0] : 0) - plain.Shifts[column];
            var terms = new List<(string Name, double Weight)>();
            for (int k = first; k < row.Length; k++)
            {
                int feature = plain.Columns[k - first];
                if (k == coordinate || row[k] == 0)
                    continue;
                constant += row[k] * plain.Shifts[feature];
                terms.Add((names[feature], row[k] * plain.Rates[feature] / rate));
            }
            texts[first + column] = Aliasing.Describe(constant / rate, terms);
        }
    }
}
