using ProbML.Reports.Rows;

namespace ProbML.Reports.Facts;

/// <summary>How far the predicted mean, or the probabilities, move as a feature runs from its 5 % to its 95 % quantile.</summary>
internal sealed class FeatureInfluence
{
    private const int MostFeatures = 500, MostNumbers = 4_000_000;

    public FeatureInfluence(IReadOnlyList<SampledRow> rows, FeatureGrid grid, PredictionTask task)
    {
        int d = rows[0].Features.Length;
        Medians = new double[d];
        var sorted = new double[d][];
        for (int j = 0; j < d; j++)
        {
            sorted[j] = [.. rows.Select(row => row.Features[j]).Where(double.IsFinite).Order()];
            Medians[j] = sorted[j].Length == 0 ? 0 : ChainDiagnostics.Quantile(sorted[j], 0.5);
        }
        Values = sorted;
        int[] all = [.. Enumerable.Range(0, d).Where(j => sorted[j].Length > 0 && sorted[j][^1] > sorted[j][0])];
        int[] moving = all[..Math.Min(all.Length, Math.Clamp(MostNumbers / d, 1, MostFeatures))];
        Asked = (moving.Length, all.Length);
        var asked = moving.SelectMany(j => Ends(sorted[j]).Select(value => At(j, value))).ToArray();
        string column = task == PredictionTask.BinaryClassification ? ColumnNames.Probability : ColumnNames.Score;
        var found = asked.Length == 0 ? [] : grid.Predict(asked).GetValueOrDefault(column) ?? [];
        Ranges = new double[d];
        for (int k = 0; k < moving.Length && found.Length > 0; k++)
            Ranges[moving[k]] = found[2 * k].Zip(found[2 * k + 1], (low, high) => Math.Abs(high - low)).Max();
    }

    /// <summary>How many features were asked about, the first ones, of how many that vary.</summary>
    public (int Some, int All) Asked { get; }

    /// <summary>[d].</summary>
    public double[] Medians { get; }

    /// <summary>The values of each feature in ascending order, [d][n].</summary>
    public double[][] Values { get; }

    /// <summary>[d]; of several classes of the one that moves most.</summary>
    public double[] Ranges { get; }

    /// <summary>The medians, but for one feature.</summary>
    public double[] At(int feature, double value)
    {
        double[] row = [.. Medians];
        row[feature] = value;
        return row;
    }

    /// <summary>The 5 % and 95 % quantiles; of a feature that is seldom other than one value the smallest and the largest.</summary>
    private static double[] Ends(double[] sorted)
    {
        double low = ChainDiagnostics.Quantile(sorted, 0.05), high = ChainDiagnostics.Quantile(sorted, 0.95);
        return high > low ? [low, high] : [sorted[0], sorted[^1]];
    }
}
