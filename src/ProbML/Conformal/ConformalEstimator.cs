using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Fits any pipeline to most of the rows, and calibrates its predictions on the rest.</summary>
/// <remarks>
/// Split conformal prediction (Vovk, Gammerman &amp; Shafer 2005; Lei et al. 2018): where new rows are exchangeable with those
/// that calibrate, the interval or set holds what is observed with at least the level's probability, for any model, any
/// distribution and any number of rows. The guarantee is one over rows (and groups, where there are), not for each x.
/// </remarks>
public sealed class ConformalEstimator : IEstimator<TransformerChain<ITransformer>>
{
    private const double FewEffectiveRows = 30;

    private readonly IHost host;
    private readonly IEstimator<ITransformer> estimator;
    private readonly string label;
    private readonly ConformalColumns columns;
    private readonly ConformalOptions options;

    internal ConformalEstimator(
        IHostEnvironment env,
        IEstimator<ITransformer> estimator,
        string label,
        ConformalColumns columns,
        ConformalOptions options)
    {
        host = env.Register("ProbMLConformal");
        host.CheckValue(estimator, nameof(estimator));
        host.CheckNonWhiteSpace(label, nameof(label));
        host.CheckNonWhiteSpace(columns.Score, nameof(columns.Score));
        options.Check();
        this.estimator = estimator;
        this.label = label;
        this.columns = columns with { Group = options.GroupColumnName, Weight = options.WeightColumnName };
        this.options = options;
    }

    /// <summary>Sets rows aside, fits the pipeline to the others, and takes the quantile of the scores of those.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No row is left to calibrate with.</exception>
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        host.CheckValue(input, nameof(input));
        var split = new DataOperationsCatalog(host).TrainTestSplit(
            input, options.CalibrationFraction, options.SamplingKeyColumnName, options.Seed);
        var model = estimator.Fit(split.TrainSet);
        var (scores, weights) = Scores(model.Transform(split.TestSet));
        using var channel = host.Start("Calibration");
        if (weights.Values.All(group => group.All(w => w == 0)))
            throw host.Except(
                $"No row was left to calibrate with: {options.CalibrationFraction:P0} of the rows were set aside"
                + (columns.Weight is { } name ? $", and none has a label and a weight in '{name}' above zero" : "")
                + ". Give more rows, or a larger CalibrationFraction.");
        var calibration = ConformalCalibration.Of(options.Level, scores);
        var weighted = columns.Weight is null ? null : ConformalWeights.Of(options.Level, scores, weights);
        calibration = weighted?.Describe(calibration) ?? calibration;
        if (double.IsInfinity(calibration.Quantile))
            channel.Warning(
                $"{Worth(calibration)} are too few to promise {options.Level:P1}: bounds are infinite. "
                + $"{Math.Ceiling(options.Level / (1 - options.Level))} are needed.");
        else if (calibration.EffectiveRows < FewEffectiveRows)
            channel.Warning(
                $"{Worth(calibration)}: new rows come from where few rows calibrate, so bounds are uncertain, and infinite for rows "
                + "of the largest weights.");
        foreach (var (group, _) in calibration.Groups.Where(group => double.IsInfinity(group.Value)))
            channel.Warning($"Group '{group}' has too few rows to promise {options.Level:P1}: its bounds are infinite.");
        return new(model, new ConformalTransformer(host, columns, calibration, weighted));
    }

    private static string Worth(ConformalCalibration calibration) => calibration.EffectiveRows == calibration.Rows
        ? $"{calibration.Rows} rows"
        : $"{calibration.Rows} rows, worth {calibration.EffectiveRows:F1} by their weights,";

    /// <summary>The columns that fitting will add, beside those of the pipeline.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        var added = estimator.GetOutputSchema(inputSchema).ToDictionary(column => column.Name);
        if (!added.TryGetValue(columns.Score, out var score))
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "score", columns.Score);
        foreach (var column in ConformalTransformer.Shape(columns, score))
            added[column.Name] = column;
        return new SchemaShape(added.Values);
    }

    /// <summary>The scores and weights of the rows that were set aside, by group; "" holds those without one.</summary>
    private (Dictionary<string, List<double>> Scores, Dictionary<string, List<double>> Weights) Scores(IDataView scored)
    {
        var inputs = new ConformalInputs(host, scored.Schema, columns);
        var response = scored.Schema.GetColumnOrNull(label)
            ?? throw host.ExceptSchemaMismatch(nameof(scored), "label", label);
        string[] groups = inputs.Groups(scored);
        var found = groups.Prepend("").Distinct().ToDictionary(group => group, _ => new List<double>());
        var weights = found.Keys.ToDictionary(group => group, _ => new List<double>());
        using var cursor = scored.GetRowCursor(inputs.Columns.Append(response).DistinctBy(column => column.Index));
        var readLabel = inputs.Label(host, cursor, response);
        var distance = inputs.Distance(cursor);
        var (group, weight) = (inputs.Group(cursor, groups), inputs.Weight(cursor));
        while (cursor.MoveNext())
        {
            double y = readLabel(), w = weight();
            if (double.IsNaN(y) || double.IsNaN(w))
                continue;
            if (!(w >= 0 && double.IsFinite(w)))
                throw host.Except(
                    $"Weights must be finite and ≥ 0, but row {cursor.Position + 1} of the rows that calibrate has {w} in "
                    + $"'{columns.Weight}'.");
            double score = distance(y);
            int place = group?.Invoke() ?? -1;
            string key = place < 0 ? "" : groups[place];
            // A row that cannot be predicted is as far off as can be: leaving it out would promise too much.
            found[key].Add(double.IsNaN(score) ? double.PositiveInfinity : score);
            weights[key].Add(w);
        }
        return (found, weights);
    }
}
