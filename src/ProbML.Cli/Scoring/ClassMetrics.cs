using System.Text.Json.Nodes;

namespace ProbML.Cli;

/// <summary>How well probabilities tell several classes apart.</summary>
internal sealed class ClassMetrics(Scorer scorer)
{
    private readonly int classes = scorer.Model.ClassNames.Count;
    private readonly int score = scorer.Place(ColumnNames.Score), logDensity = scorer.Place(ColumnNames.LogDensity);
    private readonly double[] seen = new double[scorer.Model.ClassNames.Count];
    private readonly double[] right = new double[scorer.Model.ClassNames.Count];
    private long rows;
    private double weights, loss, brier, density;

    public void Add(in RowBlock block, ReadOnlySpan<float> outputs, int columns)
    {
        for (int i = 0; i < block.Count; i++)
        {
            double w = block.Weight(i);
            if (w == 0)
                continue;
            int label = (int)block.Response[i];
            var output = outputs.Slice(i * columns, columns);
            var p = output.Slice(score, classes);
            rows++;
            weights += w;
            seen[label] += w;
            right[label] += Largest(p) == label ? w : 0;
            loss -= w * Math.Log(Math.Max(p[label], float.Epsilon));
            density += w * output[logDensity];
            for (int k = 0; k < classes; k++)
            {
                double miss = p[k] - (k == label ? 1 : 0);
                brier += w * miss * miss;
            }
        }
    }

    public JsonObject Report()
    {
        var known = Enumerable.Range(0, classes).Where(k => seen[k] > 0);
        return new()
        {
            ["rows"] = rows,
            ["sum_of_weights"] = Metric.Number(weights),
            ["accuracy"] = Metric.Number(right.Sum() / weights),
            ["macro_accuracy"] = Metric.Number(known.Select(k => right[k] / seen[k]).DefaultIfEmpty(double.NaN).Average()),
            ["log_loss"] = Metric.Number(loss / weights),
            ["deviance"] = Metric.Number(2 * loss),
            ["brier_score"] = Metric.Number(brier / weights),
            ["mean_log_density"] = Metric.Number(density / weights),
        };
    }

    /// <summary>The place of the largest probability, the first of equal ones.</summary>
    public static int Largest(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int k = 1; k < probabilities.Length; k++)
        {
            if (probabilities[k] > probabilities[best])
                best = k;
        }
        return best;
    }
}
