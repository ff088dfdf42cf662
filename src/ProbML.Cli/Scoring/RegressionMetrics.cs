using System.Text.Json.Nodes;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>How close predicted numbers are, and whether their intervals hold what they promise.</summary>
internal sealed class RegressionMetrics(Scorer scorer)
{
    private readonly FittedModel model = scorer.Model;
    private readonly int logDensity = scorer.Place(ColumnNames.LogDensity);
    private readonly int lower = scorer.Place(ColumnNames.LowerBound), upper = scorer.Place(ColumnNames.UpperBound);
    private long rows;
    private double weights, squares, absolutes, deviance, density, covered, width, mean, spread;

    public void Add(in RowBlock block, ReadOnlySpan<float> outputs, int columns)
    {
        for (int i = 0; i < block.Count; i++)
        {
            double y = block.Response[i], w = block.Weight(i);
            if (w == 0)
                continue;
            var (predicted, unitDeviance) = model.Model is HierarchicalModel hierarchical
                ? Of(hierarchical.Family, hierarchical.Predict(block, i).Mean, y)
                : At(block.Row(i), block.Offset(i), y);
            var output = outputs.Slice(i * columns, columns);
            double error = y - predicted, before = y - mean;
            rows++;
            weights += w;
            squares += w * error * error;
            absolutes += w * Math.Abs(error);
            deviance += w * unitDeviance;
            density += w * output[logDensity];
            covered += y >= output[lower] && y <= output[upper] ? w : 0;
            width += w * ((double)output[upper] - output[lower]);
            mean += w / weights * before;                        // West (1979): the spread of y in one pass
            spread += w * before * (y - mean);
        }
    }

    /// <summary>The mean in double precision, and the deviance of the response from it where there is such a thing.</summary>
    private (double Mean, double UnitDeviance) At(ReadOnlySpan<double> features, double offset, double y)
    {
        if (model.Model is TobitModel tobit)
            return (tobit.Mean(features, offset), double.NaN);
        if (model.Model is BayesianLinearModel linear)
            return (linear.Predict(features, offset).Mean, double.NaN);
        if (model.Model is GaussianProcessModel process)
            return (process.Predict(features, offset).Mean, double.NaN);
        if (model.Model is BayesianGlmModel bayes)
            return Of(bayes.Family, bayes.Predict(features, offset).Mean, y);
        var glm = (GlmModel)model.Model;
        var point = glm.Link.Inverse(glm.LinearPredictor(features, offset).Eta);
        return (point.Mean, glm.Family.UnitDeviance(y, point));
    }

    private static (double Mean, double UnitDeviance) Of(IFamily family, double mean, double y) =>
        (mean, family is NegativeBinomialFamily { Theta: null } ? double.NaN : family.UnitDeviance(y, MeanPoint.Of(mean)));

    public JsonObject Report() => new()
    {
        ["rows"] = rows,
        ["sum_of_weights"] = Metric.Number(weights),
        ["rmse"] = Metric.Number(Math.Sqrt(squares / weights)),
        ["mae"] = Metric.Number(absolutes / weights),
        ["r_squared"] = Metric.Number(spread > 0 ? 1 - squares / spread : double.NaN),
        ["deviance"] = Metric.Number(deviance),
        ["mean_log_density"] = Metric.Number(density / weights),
        ["interval_level"] = model.Level,
        ["interval_coverage"] = Metric.Number(covered / weights),
        ["interval_mean_width"] = Metric.Number(width / weights),
    };
}

/// <summary>Numbers of a report.</summary>
internal static class Metric
{
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
