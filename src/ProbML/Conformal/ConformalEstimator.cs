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
        this.columns = columns with { Group = options.GroupColumnName };
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
        var scores = Scores(model.Transform(split.TestSet));
        using var channel = host.Start("Calibration");
        if (scores.Values.Sum(group => group.Count) == 0)
            throw host.Except(
                $"No row was left to calibrate with: {options.CalibrationFraction:P0} of the rows were set aside. "
                + "Give more rows, or a larger CalibrationFraction.");
        var calibration = ConformalCalibration.Of(options.Level, scores);
        if (double.IsInfinity(calibration.Quantile))
            channel.Warning(
                $"{calibration.Rows} rows are too few to promise {options.Level:P1}: bounds are infinite. "
                + $"{Math.Ceiling(options.Level / (1 - options.Level))} are needed.");
        foreach (var (group, _) in calibration.Groups.Where(group => double.IsInfinity(group.Value)))
            channel.Warning($"Group '{group}' has too few rows to promise {options.Level:P1}: its bounds are infinite.");
        return new(model, new ConformalTransformer(host, columns, calibration));
    }

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

    /// <summary>The scores of the rows that were set aside, by group; "" holds those without one.</summary>
    private Dictionary<string, List<double>> Scores(IDataView scored)
    {
        var inputs = new ConformalInputs(host, scored.Schema, columns);
        var response = scored.Schema.GetColumnOrNull(label)
            ?? throw host.ExceptSchemaMismatch(nameof(scored), "label", label);
        string[] groups = inputs.Groups(scored);
        var found = groups.Prepend("").Distinct().ToDictionary(group => group, _ => new List<double>());
        using var cursor = scored.GetRowCursor(inputs.Columns.Append(response).DistinctBy(column => column.Index));
        var readLabel = inputs.Label(host, cursor, response);
        var distance = inputs.Distance(cursor);
        var group = inputs.Group(cursor, groups);
        while (cursor.MoveNext())
        {
            double y = readLabel();
            if (double.IsNaN(y))
                continue;
            double score = distance(y);
            int place = group?.Invoke() ?? -1;
            // A row that cannot be predicted is as far off as can be: leaving it out would promise too much.
            found[place < 0 ? "" : groups[place]].Add(double.IsNaN(score) ? double.PositiveInfinity : score);
        }
        return found;
    }
}
